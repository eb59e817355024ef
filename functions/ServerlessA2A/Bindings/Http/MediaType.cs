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
    /// Whether a body of this content type is read as JSON: any parameters, but no other charset than UTF-8. A request without a content
    /// type is read as JSON.
    /// </summary>
    public static bool IsJson(string? contentType, bool allowA2AJson)
    {
        // Nearly every client sends this; skip the parser.
        if (string.IsNullOrEmpty(contentType) || contentType == Json)
            return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed))
            return false;

        var isKnown = Is(parsed.MediaType, Json) || (allowA2AJson && Is(parsed.MediaType, A2AJson));
        return isKnown && (parsed.Charset.Length == 0 || Is(HeaderUtilities.RemoveQuotes(parsed.Charset), "utf-8"));

        static bool Is(StringSegment value, string expected) => value.Equals(expected, StringComparison.OrdinalIgnoreCase);
    }
}
