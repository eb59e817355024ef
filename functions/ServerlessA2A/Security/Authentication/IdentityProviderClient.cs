using Microsoft.Extensions.DependencyInjection;

namespace ServerlessA2A.Security.Authentication;

/// <summary>Sends requests to identity providers. Requests may contain secrets, so they appear in no log and no message.</summary>
internal sealed class IdentityProviderClient : IDisposable
{
    /// <summary>The largest response that is read, in bytes.</summary>
    internal const int MaxBody = 1 << 20;

    /// <summary>The time limit of a request: a caller is waiting for it.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <summary>Creates a client with its own connections.</summary>
    [ActivatorUtilitiesConstructor]
    public IdentityProviderClient(TimeProvider time)
        : this(time, new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Limit,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
    {
    }

    /// <summary>Creates a client on a test's connections.</summary>
    internal IdentityProviderClient(TimeProvider time, HttpMessageHandler handler) =>
        // Not an HttpClient, which would log and trace all addresses.
        (_time, _http) = (time, new HttpMessageInvoker(handler));

    /// <summary>Sends a request, without retries.</summary>
    /// <exception cref="IdentityProviderException">There is no response, or it is too large.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public async Task<IdentityProviderAnswer> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!.GetLeftPart(UriPartial.Path);
        using var limit = new CancellationTokenSource(Limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var answer = await _http.SendAsync(request, either.Token);
            await answer.Content.LoadIntoBufferAsync(MaxBody, either.Token);
            return new IdentityProviderAnswer(address, answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IdentityProviderException($"{address} did not respond within {Limit}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            var error = (failure as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown;
            throw new IdentityProviderException($"{address} cannot be reached ({error}).", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
