namespace ServerlessA2A.Protocol.Security;

/// <summary>The OAuth 2.0 authorization code flow.</summary>
/// <remarks>A2A 1.0, section 4.5.8.</remarks>
internal sealed record AuthorizationCodeOAuthFlow
{
    /// <summary>Where the user authorizes.</summary>
    public required string AuthorizationUrl { get; init; }

    /// <summary>Where tokens are had.</summary>
    public required string TokenUrl { get; init; }

    /// <summary>Where tokens are refreshed.</summary>
    public string? RefreshUrl { get; init; }

    /// <summary>The scopes there are, each with a description.</summary>
    public required IReadOnlyDictionary<string, string> Scopes { get; init; }

    /// <summary>True where PKCE (RFC 7636) is a must.</summary>
    public bool PkceRequired { get; init; }
}
