using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>
/// Calls webhooks. The receiver is a stranger: it is told what it is to be told and nothing else, it can't send the call elsewhere, and
/// neither its silence nor its answer costs more than is set here.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    /// <summary>How much of an answer's body is read, so that the connection can be used again. With more it is dropped.</summary>
    internal const int MaxBody = 4096;

    /// <summary>How long an answer's body is waited for: what it says changes nothing.</summary>
    internal static readonly TimeSpan BodyLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a connection is kept that nobody uses: below the 5 s of Node's server, because a POST on a connection that its receiver is
    /// just closing is lost until it is tried again.
    /// </summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(4);

    private readonly AddressGuard _guard;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly HttpMessageInvoker _http;

    /// <summary>Makes a sender, with connections of its own.</summary>
    public WebhookSender(IOptions<WebhookOptions> options, AddressGuard guard, TimeProvider time)
        : this(options, guard, time, validation: null)
    {
    }

    /// <summary>Makes a sender that takes a test's certificate, and keeps its connections open for as long as the test needs.</summary>
    internal WebhookSender(
        IOptions<WebhookOptions> options, AddressGuard guard, TimeProvider time, RemoteCertificateValidationCallback? validation,
        TimeSpan? idleLimit = null)
    {
        (_guard, _time, _limit) = (guard, time, options.Value.TimeLimit);
        _http = new HttpMessageInvoker(
            CreateHandler(new GuardedConnections(guard, time), _limit, validation, idleLimit ?? IdleLimit));
    }

    /// <summary>Calls a webhook once. What goes wrong with it is told in the answer.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up before there was an answer.</exception>
    public async Task<WebhookAnswer> SendAsync(WebhookCall call, CancellationToken cancellationToken)
    {
        // A connection is checked when it is made; what else an address holds is not the connection's.
        if (_guard.FaultOf(call.Url) is { } fault)
            return WebhookFaults.Refused($"The address {fault}.");
        if (HeaderFaultOf(call) is { } headerFault)
            return WebhookFaults.Refused(headerFault);

        using var limit = new CancellationTokenSource(_limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = CreateRequest(call);
        try
        {
            using var answer = await _http.SendAsync(request, either.Token);
            await ReadBodyAsync(answer, either.Token);
            return new WebhookAnswer { Status = (int)answer.StatusCode, RetryAfter = RetryAfter.Of(answer, _time.GetUtcNow()) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookAnswer { Fault = $"There was no answer within {_limit}." };
        }
        catch (HttpRequestException failure)
        {
            return WebhookFaults.Of(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler CreateHandler(
        GuardedConnections connections, TimeSpan limit, RemoteCertificateValidationCallback? validation, TimeSpan idleLimit) => new()
        {
            ConnectCallback = connections.ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            AutomaticDecompression = DecompressionMethods.None,
            // The caller says which trace it belongs to, if any.
            ActivityHeadersPropagator = null,
            // A call that is given up leaves the attempt to connect behind; that ends too.
            ConnectTimeout = limit,
            // Short, so that a name that leads elsewhere now is looked at again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = idleLimit,
            // Webhooks of several clients may be at one host; above what one instance does at once they would hold each other up.
            MaxConnectionsPerServer = 100,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = validation,
                // The receiver's certificate may name an address to fetch its issuer's from, which would be called without the guard.
                CertificateChainPolicy = new X509ChainPolicy
                {
                    DisableCertificateDownloads = true,
                    RevocationMode = X509RevocationMode.NoCheck
                },
            },
        };

    private static string? HeaderFaultOf(WebhookCall call) =>
        WebhookHeaders.IsValue(call.ContentType)
            ? call.Headers.Select(header => WebhookHeaders.FaultOf(header.Key, header.Value)).FirstOrDefault(fault => fault is not null)
            : "The content type has characters that HTTP does not allow.";

    private static HttpRequestMessage CreateRequest(WebhookCall call)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, call.Url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ReadOnlyMemoryContent(call.Body),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        foreach (var (name, value) in call.Headers)
        {
            // Content-Language and its like are the body's here.
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>Reads the body if it is short and there. Whatever happens meanwhile, the receiver has answered.</summary>
    private async Task ReadBodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(BodyLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBody);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(either.Token);
            for (var (total, read) = (0, 1); read > 0 && total < MaxBody; total += read)
                read = await body.ReadAsync(buffer.AsMemory(0, MaxBody - total), either.Token);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or OperationCanceledException)
        {
            // The connection is lost, no more.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
