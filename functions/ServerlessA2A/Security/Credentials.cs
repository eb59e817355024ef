using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Security;

/// <summary>Reads credentials from requests.</summary>
internal static class Credentials
{
    private const string Scheme = "Bearer ";

    /// <summary>The header that Cloud Run checks first, which leaves <c>Authorization</c> to the application.</summary>
    public const string ServerlessHeader = "X-Serverless-Authorization";

    /// <summary>
    /// The bearer token of a header (RFC 6750, section 2.1); null if there is none, or several, whose choice would be a guess.
    /// </summary>
    public static string? Bearer(HttpRequest request, string header = "Authorization") =>
        request.Headers[header] is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) &&
        value[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;

    /// <summary>
    /// Whether a token has the form of a JSON Web Token: three parts, of which the first begins like <c>{</c> in base64url. Other tokens
    /// are opaque; Google's tokens of service accounts (<c>ya29.c.</c>) have three parts as well.
    /// </summary>
    public static bool IsJwt(string token) =>
        token.AsSpan().Count('.') == 2 && token is ['e', (>= 'w' and <= 'z') or (>= '0' and <= '9') or '-' or '_', ..];
}
