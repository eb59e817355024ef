using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ServerlessA2A.Bindings.Http;

namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>
/// Chooses the media type of answers in HTTP+JSON of 1.0, including errors: <c>application/a2a+json</c> (section 11.1) for clients that
/// name it, <c>application/json</c> for all others, because some published clients read errors only in that type.
/// </summary>
internal static class AnswerMediaType
{
    /// <summary>
    /// What <c>Accept</c> prefers of the two. Where it names neither, which wildcards do not, the type of the request's own body.
    /// Says in <c>Vary</c> that <c>Accept</c> counts.
    /// </summary>
    public static string Choose(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        var (a2aJson, json) = QualitiesOf(context.Request);
        var isA2AJson = a2aJson is null && json is null
            ? MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var own) && Is(own, MediaType.A2AJson)
            : a2aJson > 0 && a2aJson >= (json ?? 0);
        return isA2AJson ? MediaType.A2AJson : MediaType.Json;
    }

    /// <summary>
    /// How much <c>Accept</c> wants each type, from 0 to 1; null for one that it does not name (RFC 9110, section 12.5.1).
    /// </summary>
    private static (double? A2AJson, double? Json) QualitiesOf(HttpRequest request)
    {
        (double? A2AJson, double? Json) qualities = default;
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
            return qualities;
        foreach (var type in accepted)
        {
            if (Is(type, MediaType.A2AJson))
                qualities.A2AJson = type.Quality ?? 1;
            else if (Is(type, MediaType.Json))
                qualities.Json = type.Quality ?? 1;
        }

        return qualities;
    }

    private static bool Is(MediaTypeHeaderValue type, string expected) =>
        type.MediaType.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
