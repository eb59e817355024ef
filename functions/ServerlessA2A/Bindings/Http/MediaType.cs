using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ServerlessA2A.Bindings.Http;

/// <summary>The media types of the bindings, and which ones a request may have.</summary>
internal static class MediaType
{
    /// <summary>JSON-RPC, everything of 0.3, the public card, and the default of HTTP+JSON of 1.0.</summary>
    public const string Json = "application/json";

    /// <summary>HTTP+JSON of 1.0 (section 11.1), for clients that name it.</summary>
    public const string A2AJson = "application/a2a+json";

    /// <summary>The keys that webhooks' signatures are verified with (RFC 7517, section 8.5.2).</summary>
    public const string KeySet = "application/jwk-set+json";

    /// <summary>Event streams.</summary>
    public const string EventStream = "text/event-stream";

    /// <summary>
    /// Whether the request's body is read as JSON: any parameters of its content type, but no other charset than UTF-8. A body without a
    /// content type is read as JSON, unless a web page sends it: browsers let the pages of any site send such a body, without a preflight.
    /// </summary>
    public static bool IsJson(HttpRequest request, bool allowA2AJson)
    {
        var contentType = request.ContentType;
        // Nearly every client sends this; skip the parser.
        if (contentType == Json)
            return true;
        if (string.IsNullOrEmpty(contentType))
            return request.Headers.Origin.Count == 0 ||
                request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed))
            return false;

        var isKnown = Is(parsed.MediaType, Json) || (allowA2AJson && Is(parsed.MediaType, A2AJson));
        return isKnown && (parsed.Charset.Length == 0 || Is(HeaderUtilities.RemoveQuotes(parsed.Charset), "utf-8"));

        static bool Is(StringSegment value, string expected) => value.Equals(expected, StringComparison.OrdinalIgnoreCase);
    }
}
