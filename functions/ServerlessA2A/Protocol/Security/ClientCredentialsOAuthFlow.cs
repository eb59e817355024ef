namespace ServerlessA2A.Protocol.Security;

/// <summary>The OAuth 2.0 client credentials flow.</summary>
/// <remarks>A2A 1.0, section 4.5.9.</remarks>
internal sealed record ClientCredentialsOAuthFlow
{
    /// <summary>Where tokens are had.</summary>
    public required string TokenUrl { get; init; }

    /// <summary>Where tokens are refreshed.</summary>
    public string? RefreshUrl { get; init; }

    /// <summary>The scopes there are, each with a description.</summary>
    public required IReadOnlyDictionary<string, string> Scopes { get; init; }
}
