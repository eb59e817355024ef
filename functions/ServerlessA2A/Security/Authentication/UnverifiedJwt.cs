using System.Buffers.Text;

namespace ServerlessA2A.Security.Authentication;

/// <summary>What a JSON Web Token says, whoever has written it: nobody has looked at its signature.</summary>
/// <param name="Header">How it is signed.</param>
/// <param name="Claims">What it claims.</param>
internal sealed record UnverifiedJwt(JsonMembers Header, JsonMembers Claims)
{
    /// <summary>Reads a token; null where it is none.</summary>
    public static UnverifiedJwt? Read(string token) =>
        token.Split('.') is [var header, var claims, _] && Part(header) is { } head && Part(claims) is { } body ? new UnverifiedJwt(head, body) : null;

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
