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

    /// <summary>Other names of the same caller, for lists of those who are let in: a verified e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The access token that the caller has come with, where its agent may act in its name; never logged or stored as it is.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The caller among all callers. The length goes first, so that no authority can spell another's caller.</summary>
    public string Key => $"{Authority.Length}:{Authority}:{Name}";

    /// <inheritdoc/>
    public override string ToString() => Key;
}
