using System.Security.Cryptography;
using System.Text;

namespace ServerlessA2A.Security.Authentication;

/// <summary>What tokens say of callers.</summary>
internal static class CallerClaims
{
    public const string Email = "email";

    /// <summary>The e-mail address, if somebody has looked whose it is: others can be anybody's.</summary>
    public static string? VerifiedEmail(this JsonMembers claims) => claims.IsTrue("email_verified") ? claims.Text(Email) : null;

    /// <summary>The text of a claim as a caller's name; an address only if it is verified.</summary>
    public static string? CallerName(this JsonMembers claims, string claim) =>
        (claim == Email ? claims.VerifiedEmail() : claims.Text(claim)) is { } name ? Shorten(name) : null;

    /// <summary>The name, or its hash where it is too long: cut off, two callers could meet.</summary>
    public static string Shorten(string name) =>
        Encoding.UTF8.GetByteCount(name) <= Identity.MaxName ? name
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
