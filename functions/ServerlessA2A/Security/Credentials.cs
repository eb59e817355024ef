using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Security;

/// <summary>Where requests carry credentials.</summary>
internal static class Credentials
{
    private const string Scheme = "Bearer ";

    /// <summary>The header that Cloud Run looks at first, so that <c>Authorization</c> stays free for the application.</summary>
    public const string ServerlessHeader = "X-Serverless-Authorization";

    /// <summary>The bearer token of a header (RFC 6750, section 2.1); null where it has none. Several are none: which one counts would be a guess.</summary>
    public static string? Bearer(HttpRequest request, string header = "Authorization") =>
        request.Headers[header] is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && value[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;

    /// <summary>Whether a token has the form of a JSON Web Token: three parts. Others are opaque.</summary>
    public static bool IsJwt(string token) => token.AsSpan().Count('.') == 2;
}
