namespace ServerlessA2A.Protocol.Security;

/// <summary>The OAuth 2.0 device code flow.</summary>
/// <remarks>A2A 1.0, section 4.5.10.</remarks>
public sealed record DeviceCodeOAuthFlow
{
    /// <summary>The device authorization endpoint.</summary>
    public required string DeviceAuthorizationUrl { get; init; }

    /// <summary>The token endpoint.</summary>
    public required string TokenUrl { get; init; }

    /// <summary>The refresh endpoint.</summary>
    public string? RefreshUrl { get; init; }

    /// <summary>The available scopes, each with a description.</summary>
    public required IReadOnlyDictionary<string, string> Scopes { get; init; }
}
