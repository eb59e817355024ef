using Microsoft.Extensions.DependencyInjection;

namespace ServerlessA2A.Security.Authentication;

/// <summary>Asks those who can tell whether a credential is good. What is asked may be secret: it is in no log, no message, and goes nowhere else.</summary>
internal sealed class IdentityProviderClient : IDisposable
{
    /// <summary>How much of an answer is read.</summary>
    internal const int MaxBody = 1 << 20;

    /// <summary>How long an answer is waited for: a caller is waiting too.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <summary>Makes a client with connections of its own.</summary>
    [ActivatorUtilitiesConstructor]
    public IdentityProviderClient(TimeProvider time)
        : this(time, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Limit, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
    }

    /// <summary>Makes one on connections of a test.</summary>
    internal IdentityProviderClient(TimeProvider time, HttpMessageHandler handler) =>
        // No HttpClient, which would be logged and traced with all its addresses.
        (_time, _http) = (time, new HttpMessageInvoker(handler));

    /// <summary>Asks once.</summary>
    /// <exception cref="IdentityProviderException">There is no answer, or it is too long.</exception>
    /// <exception cref="OperationCanceledException">Whoever wanted to know has gone.</exception>
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
            throw new IdentityProviderException($"{address} has not answered within {Limit}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new IdentityProviderException($"{address} can't be reached ({(failure as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown}).", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
