using System.IO.Compression;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ServerlessA2A.Functions.Local;
using ServerlessA2A.Protocol;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Functions.Inspector;

/// <summary>
/// The agent of <c>--inspect</c>: passes requests of the page on to it. A browser could not call it itself, for few agents allow other
/// origins.
/// </summary>
/// <remarks>
/// It is bound to the origin of one address, which the user has typed; only a redirect of a GET leads elsewhere. The guard of webhooks'
/// addresses checks each connection: it may lead to public addresses and to this machine, so that neither a redirect nor a name that
/// resolves to something else reaches the metadata server, the network around or, unless the user has typed it, this machine.
/// </remarks>
internal sealed class InspectedAgent : IDisposable
{
    private const int MaxRedirects = 5;

    /// <summary>The address of the agent that the page means.</summary>
    private const string AddresseeHeader = "Inspected-Agent";
    private const string AddressHeader = "Inspected-Address";
    private const string Explanation =
        "The inspector connects to public addresses (http or https), to this machine if --inspect names localhost or a loopback address, " +
        "and to no others: for an agent in a private network, forward a port of this machine to it.";

    /// <summary>Headers that belong to this connection or to the page. Cookies are those of other programs on this machine.</summary>
    private static readonly HashSet<string> Dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Host", "Keep-Alive", "Transfer-Encoding", "TE", "Upgrade", "Proxy-Authorization", "Cookie", "Origin", "Referer",
        "Content-Length", "Accept-Encoding", "Accept-Language", "User-Agent", "DNT", "Priority", "Expect", AddresseeHeader,
    };

    /// <summary>The response headers that are passed on. Others could act in the browser as if they were those of this machine.</summary>
    private static readonly HashSet<string> Shown = new(StringComparer.OrdinalIgnoreCase)
    {
        "A2A-Extensions", "A2A-Version", "X-A2A-Extensions", "Allow", "Date", "ETag", "Last-Modified", "Retry-After", "Server", "Vary",
        "Traceparent", "X-Request-Id", "X-Cloud-Trace-Context",
    };

    /// <summary>Response headers that a browser would act on: they are passed on under another name.</summary>
    private static readonly HashSet<string> Renamed = new(StringComparer.OrdinalIgnoreCase)
    {
        "Cache-Control", "Location", "WWW-Authenticate",
    };

    private readonly AddressGuard _guard;
    private readonly HttpMessageInvoker _http;

    /// <param name="address">The agent's address, or that of its card.</param>
    /// <param name="hosts">Resolves its name.</param>
    /// <param name="time">The clock.</param>
    public InspectedAgent(Uri address, IHostAddresses hosts, TimeProvider time)
    {
        Address = address;
        // A stranger's name may lead here, and so may its redirect: this machine's other servers expect no one else's requests.
        var options = new WebhookOptions { AllowHttp = true, AllowLoopback = LocalNames.IsLoopback(address.Host) };
        _guard = new AddressGuard(Options.Create(options), hosts, time);
        var connections = new GuardedConnections(_guard, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            ConnectCallback = connections.ConnectAsync,
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>The address that the user has typed.</summary>
    public Uri Address { get; }

    /// <summary>Reads the argument of <c>--inspect</c>.</summary>
    /// <exception cref="StartFaultException">It is not an address.</exception>
    public static Uri Read(string? argument) =>
        Uri.TryCreate(argument, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? InAscii(address)
            : throw new StartFaultException(
                $"--inspect is '{argument}': set the http or https address of an agent or of its card, such as https://agent.example.com.");

    /// <summary>Checks the address, so that one that may not be called is reported at start.</summary>
    /// <exception cref="StartFaultException">It may not be called.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var check = await _guard.CheckAsync(Address, cancellationToken);
        if (check.Fault is { } fault && !check.IsPassing)
            throw new StartFaultException($"--inspect {Address} {fault}. {Explanation}");
    }

    /// <summary>Passes a request on and its response back, as it comes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="prefix">The part of its path that stands for the agent's origin.</param>
    public async Task ForwardAsync(HttpContext context, string prefix)
    {
        // As the page has written it: a decoded path could name another resource. Nothing of the agent is to be a document or a script of
        // this origin.
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (!target.StartsWith(prefix + "/", StringComparison.Ordinal) ||
            context.Request.Headers["Sec-Fetch-Dest"].ToString() is not ("" or "empty"))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        // The page may be older than this process. Its credentials are for the agent that it was opened for.
        if (context.Request.Headers[AddresseeHeader].ToString() is { Length: > 0 } addressee && addressee != Address.AbsoluteUri)
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync($"This local host inspects {Address} now. Reload the page.\n");
            return;
        }

        var address = new Uri(Address.GetLeftPart(UriPartial.Authority) + target[prefix.Length..]);
        try
        {
            using var response = await SendAsync(context, address);
            await CopyAsync(response, context);
        }
        catch (Exception failure) when (
            failure is HttpRequestException or AddressRefusedException or (IOException and not BadHttpRequestException) ||
            failure is InvalidDataException || IsOfBrotli(failure))
        {
            // It broke off, or its body is damaged. Once the answer has begun, only its end can tell.
            if (context.Response.HasStarted)
                context.Abort();
            else
                await FailAsync(context.Response, address, failure);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A damaged body: Brotli has no exception of its own.</summary>
    private static bool IsOfBrotli(Exception failure) =>
        failure is InvalidOperationException && failure.Source == typeof(BrotliStream).Assembly.GetName().Name;

    private async Task<HttpResponseMessage> SendAsync(HttpContext context, Uri address)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = NewRequest(context, address);
            var response = await _http.SendAsync(request, context.RequestAborted);
            if (!HttpMethods.IsGet(context.Request.Method) || (int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) ||
                response.Headers.Location is not { } location || redirects == MaxRedirects ||
                !Uri.TryCreate(address, location, out var next) || next.Scheme is not ("http" or "https"))
            {
                response.Headers.Remove(AddressHeader);
                response.Headers.Add(AddressHeader, address.AbsoluteUri);
                return response;
            }

            response.Dispose();
            address = InAscii(next);
        }
    }

    private HttpRequestMessage NewRequest(HttpContext context, Uri address)
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), address);
        // The user's headers, and the credentials among them, are for the agent alone.
        var isAgent = address.GetLeftPart(UriPartial.Authority) == Address.GetLeftPart(UriPartial.Authority);
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (Dropped.Contains(name) || name.StartsWith("Sec-", StringComparison.OrdinalIgnoreCase) || name.StartsWith(':'))
                continue;
            if (!isAgent && name is not ("Accept" or WireFormat.VersionHeader))
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ServerlessA2A-Inspector", null));
        return request;
    }

    private static async Task CopyAsync(HttpResponseMessage from, HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.Concat(from.Content.Headers))
        {
            if (Shown.Contains(name) || name == AddressHeader)
                response.Headers[name] = Escape(values);
            else if (Renamed.Contains(name))
                response.Headers["Inspected-" + name] = Escape(values);
        }

        response.ContentType = from.Content.Headers.ContentType?.MediaType switch
        {
            "text/event-stream" => "text/event-stream",
            "application/json" or "application/a2a+json" or "application/jwk-set+json" => from.Content.Headers.ContentType.MediaType,
            _ => "text/plain; charset=utf-8",
        };
        if (from.Content.Headers.ContentType is { } type)
            response.Headers["Inspected-Content-Type"] = Escape([type.ToString()]);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await using var body = await from.Content.ReadAsStreamAsync(context.RequestAborted);
        await body.CopyToAsync(response.Body, context.RequestAborted);
    }

    /// <summary>The address with its host in ASCII (Punycode), as headers require.</summary>
    private static Uri InAscii(Uri address) =>
        System.Text.Ascii.IsValid(address.Host) ? address : new UriBuilder(address) { Host = address.IdnHost }.Uri;

    /// <summary>Escapes what Kestrel does not send: the agent's headers are read as Latin-1, and its own must be ASCII.</summary>
    private static string[] Escape(IEnumerable<string> values) =>
        [.. values.Select(value => string.Concat(value.Select(each => each is >= ' ' and <= '~' ? $"{each}" : $"%{(int)each:X2}")))];

    private static async Task FailAsync(HttpResponse response, Uri address, Exception failure)
    {
        var refused = failure as AddressRefusedException ?? failure.InnerException as AddressRefusedException;
        response.StatusCode = StatusCodes.Status502BadGateway;
        response.ContentType = "text/plain; charset=utf-8";
        var fault = refused is not null ? $"{refused.Message}. {Explanation}"
            : failure is HttpRequestException ? $"cannot be reached: {failure.Message}" : $"cannot be read: {failure.Message}";
        await response.WriteAsync($"{address.GetLeftPart(UriPartial.Authority)} {fault}\n");
    }
}
