namespace ServerlessA2A.Protocol.Security;

/// <summary>The OAuth 2.0 implicit flow (deprecated by the specification).</summary>
/// <remarks>A2A 1.0, section 4.5.7.</remarks>
public sealed record ImplicitOAuthFlow
{
    /// <summary>The authorization endpoint.</summary>
    public string? AuthorizationUrl { get; init; }

    /// <summary>The refresh endpoint.</summary>
    public string? RefreshUrl { get; init; }

    /// <summary>The available scopes, each with a description.</summary>
    public IReadOnlyDictionary<string, string>? Scopes { get; init; }
}
