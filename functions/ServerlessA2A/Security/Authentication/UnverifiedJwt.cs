using System.Buffers.Text;

namespace ServerlessA2A.Security.Authentication;

/// <summary>The content of a JSON Web Token whose signature has not been checked.</summary>
/// <param name="Header">The JOSE header.</param>
/// <param name="Claims">The claims.</param>
internal sealed record UnverifiedJwt(JsonMembers Header, JsonMembers Claims)
{
    /// <summary>Reads a token; null if the text is not one.</summary>
    public static UnverifiedJwt? Read(string token) =>
        token.Split('.') is [var header, var claims, _] && Part(header) is { } head && Part(claims) is { } body
            ? new UnverifiedJwt(head, body)
            : null;

    private static JsonMembers? Part(string text)
    {
        try
        {
            return JsonMembers.Parse(Base64Url.DecodeFromChars(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
