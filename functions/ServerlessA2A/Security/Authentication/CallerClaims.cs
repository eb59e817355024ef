using System.Security.Cryptography;
using System.Text;

namespace ServerlessA2A.Security.Authentication;

/// <summary>Reads callers' claims from tokens.</summary>
internal static class CallerClaims
{
    public const string Email = "email";

    /// <summary>The size of claims that agents get, in bytes: claims are stored with each message.</summary>
    public const int MaxClaims = 8 * 1024;

    /// <summary>The claims that are kept if all of them are too large.</summary>
    private static readonly string[] Standard =
        ["sub", "iss", "aud", Email, "email_verified", "hd", "azp", "client_id", "scope", "scp", "roles", "groups"];

    /// <summary>The e-mail address if it is verified: an unverified one can be anyone's.</summary>
    public static string? VerifiedEmail(this JsonMembers claims) => claims.IsTrue("email_verified") ? claims.Text(Email) : null;

    /// <summary>Adds the claims that agents get to an identity.</summary>
    public static Identity WithClaims(this Identity identity, JsonMembers claims)
    {
        if (claims.Size <= MaxClaims)
            return identity with { Claims = claims.Json };
        var standard = claims.Only(Standard);
        return identity with { Claims = standard.Size <= MaxClaims ? standard.Json : null, OversizedClaims = claims.Size };
    }

    /// <summary>The text of a claim as a caller's name; an e-mail address only if it is verified.</summary>
    public static string? CallerName(this JsonMembers claims, string claim) =>
        (claim == Email ? claims.VerifiedEmail() : claims.Text(claim)) is { } name ? Shorten(name) : null;

    /// <summary>The name, or its hash if it is too long: truncated names of two callers could be equal.</summary>
    public static string Shorten(string name) =>
        Encoding.UTF8.GetByteCount(name) <= Identity.MaxName ? name
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
