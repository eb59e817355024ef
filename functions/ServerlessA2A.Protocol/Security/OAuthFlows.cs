namespace ServerlessA2A.Protocol.Security;

/// <summary>The OAuth 2.0 flow that issues tokens. Exactly one member is set.</summary>
/// <remarks>A2A 1.0, section 4.5.7.</remarks>
public sealed record OAuthFlows
{
    /// <summary>The authorization code flow.</summary>
    public AuthorizationCodeOAuthFlow? AuthorizationCode { get; init; }

    /// <summary>The client credentials flow.</summary>
    public ClientCredentialsOAuthFlow? ClientCredentials { get; init; }

    /// <summary>The implicit flow (deprecated by the specification).</summary>
    public ImplicitOAuthFlow? Implicit { get; init; }

    /// <summary>The password flow (deprecated by the specification).</summary>
    public PasswordOAuthFlow? Password { get; init; }

    /// <summary>The device code flow (RFC 8628).</summary>
    public DeviceCodeOAuthFlow? DeviceCode { get; init; }
}
