using Microsoft.AspNetCore.Http;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Bindings.Http;

/// <summary>
/// Lets web pages call the agent (the CORS protocol: Fetch Standard, section 3.3): pages of <c>A2A:Http:AllowedOrigins</c> may call
/// everything, any page may read the public documents. Pages send credentials in headers, never in cookies, so
/// <c>Access-Control-Allow-Credentials</c> is not sent.
/// </summary>
internal sealed class CrossOrigin
{
    private const string Methods = "GET, HEAD, POST, DELETE";

    /// <summary>The response headers that pages may read, besides those that are always readable.</summary>
    private const string ReadableHeaders = "A2A-Extensions, X-A2A-Extensions, Accept-Encoding, Allow, ETag, Retry-After, WWW-Authenticate";

    /// <summary>How long browsers may cache a preflight, in seconds. No browser caches longer than a day.</summary>
    private const string MaxAge = "86400";

    private readonly HashSet<string> _origins;
    private readonly string _sendableHeaders;

    public CrossOrigin(IEnumerable<string> allowedOrigins, Admission admission)
    {
        _origins = [.. allowedOrigins.Select(Origin.Parse).OfType<string>()];
        string[] headers =
        [
            "Accept", "Content-Type", "Content-Encoding", .. admission.CredentialHeaders, VersionHeader.Name, "A2A-Extensions",
            "X-A2A-Extensions", "Last-Event-ID", "Cache-Control", "If-None-Match", "If-Modified-Since", "traceparent", "tracestate",
            "baggage",
        ];
        _sendableHeaders = string.Join(", ", headers);
    }

    /// <summary>
    /// Sets the headers that browsers expect in any answer, including errors. Call it before anything else: a preflight carries no
    /// credentials, and must be neither rejected for that nor redirected.
    /// </summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="isPublic">Whether the resource is public, as the card is.</param>
    /// <returns>True for a preflight, which is answered already.</returns>
    public bool Answer(HttpContext context, bool isPublic)
    {
        var headers = context.Response.Headers;
        if (!isPublic && _origins.Count > 0 && !_origins.Contains(Origin.Any))
            headers.Vary = "Origin";
        if (AllowedOrigin(context.Request, isPublic) is not { } origin)
            return false;
        headers.AccessControlAllowOrigin = origin;
        if (IsPreflight(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            headers.AccessControlAllowMethods = Methods;
            headers.AccessControlAllowHeaders = SendableHeaders(context.Request);
            headers.AccessControlMaxAge = MaxAge;
            return true;
        }

        headers.AccessControlExposeHeaders = ReadableHeaders;
        return false;
    }

    private string? AllowedOrigin(HttpRequest request, bool isPublic)
    {
        if (isPublic || _origins.Contains(Origin.Any))
            return Origin.Any;
        var origin = request.Headers.Origin.ToString();
        return _origins.Contains(origin) ? origin : null;
    }

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>
    /// The headers that A2A clients send, and those that this client requests: extensions of the protocol may have their own. Anything
    /// that is no header's name is left out: the server cannot send other characters back.
    /// </summary>
    private string SendableHeaders(HttpRequest request) => string.Join(
        ", ",
        request.Headers.AccessControlRequestHeaders.ToString().Split(',', StringSplitOptions.TrimEntries).Where(WebhookHeaders.IsName)
            .Prepend(_sendableHeaders));
}
