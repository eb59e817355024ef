using System.Globalization;
using System.Text.Json;

namespace ServerlessA2A.Security;

/// <summary>Who a caller has proven to be.</summary>
/// <param name="Name">The caller's name: what tells it apart from all others of its scheme, the same in each request.</param>
internal sealed record Identity(string Name)
{
    /// <summary>The longest name, in bytes of UTF-8. Longer ones are no keys and no log entries.</summary>
    public const int MaxName = 256;

    /// <summary>The longest authority, in bytes of UTF-8.</summary>
    public const int MaxAuthority = 512;

    /// <summary>Where several schemes or providers are taken, what tells their callers apart: the issuer, or the scheme's name.</summary>
    public required string Authority { get; init; }

    /// <summary>How the caller has proven it.</summary>
    public IdentityScheme Scheme { get; init; }

    /// <summary>Other names of the same caller, for lists of those who are let in: a verified e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The access token that the caller has come with, where its agent may act in its name; never logged or stored as it is.</summary>
    public string? AccessToken { get; init; }

    /// <summary>What the caller's token claims, for the agent: a JSON object, without the token. Null for none, and where it is too large.</summary>
    public JsonElement? Claims { get; init; }

    /// <summary>How many bytes of claims there were where they were too large, so that <see cref="Claims"/> has less; 0 otherwise.</summary>
    public int OversizedClaims { get; init; }

    /// <summary>The caller among all callers. The length goes first, so that no authority can spell another's caller.</summary>
    public string Key => $"{Authority.Length}:{Authority}:{Name}";

    /// <summary>The name in a key; the key itself where it is none of an identity.</summary>
    public static string NameIn(string key) =>
        key.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && int.TryParse(key.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var length) &&
        colon + 1 + length is var end && end > colon && end < key.Length && key[end] == ':'
            ? key[(end + 1)..]
            : key;

    /// <summary>Whether both are the same caller with the same token. What the token claims beside is no part of who the caller is.</summary>
    public bool Equals(Identity? other) =>
        other is not null && (Name, Authority, Email, AccessToken) == (other.Name, other.Authority, other.Email, other.AccessToken);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Authority, Email, AccessToken);

    /// <inheritdoc/>
    public override string ToString() => Key;
}
