using System.Globalization;
using System.Text.Json;

namespace ServerlessA2A.Security;

/// <summary>An authenticated caller.</summary>
/// <param name="Name">The caller's name: unique within its scheme and the same in each request.</param>
internal sealed record Identity(string Name)
{
    /// <summary>The longest name, in bytes of UTF-8. Longer names are unsuitable for keys and logs.</summary>
    public const int MaxName = 256;

    /// <summary>The longest authority, in bytes of UTF-8.</summary>
    public const int MaxAuthority = 512;

    /// <summary>Distinguishes callers of different schemes or providers: the issuer, or the scheme's name.</summary>
    public required string Authority { get; init; }

    /// <summary>How the caller authenticated.</summary>
    public IdentityScheme Scheme { get; init; }

    /// <summary>Another name of the same caller, for the list of allowed callers: a verified e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>
    /// The caller's access token, if the agent may act on the caller's behalf. Never logged, and never stored unencrypted.
    /// </summary>
    public string? AccessToken { get; init; }

    /// <summary>
    /// The claims of the caller's token, for the agent: a JSON object, without the token. Null for none, and if they are too large.
    /// </summary>
    public JsonElement? Claims { get; init; }

    /// <summary>
    /// The size of the original claims in bytes if they were too large, so that <see cref="Claims"/> has less; 0 otherwise.
    /// </summary>
    public int OversizedClaims { get; init; }

    /// <summary>
    /// The caller's key among all callers. The authority's length goes first, so that no authority can forge another's caller.
    /// </summary>
    public string Key => $"{Authority.Length}:{Authority}:{Name}";

    /// <summary>The name in a key; the key itself if it is not that of an identity.</summary>
    public static string NameIn(string key) =>
        key.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon &&
        int.TryParse(key.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var length) &&
        colon + 1 + length is var end && end > colon && end < key.Length && key[end] == ':'
            ? key[(end + 1)..]
            : key;

    /// <summary>Whether both are the same caller with the same token. Other claims do not matter.</summary>
    public bool Equals(Identity? other) =>
        other is not null && (Name, Authority, Email, AccessToken) == (other.Name, other.Authority, other.Email, other.AccessToken);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Authority, Email, AccessToken);

    /// <inheritdoc/>
    public override string ToString() => Key;
}
