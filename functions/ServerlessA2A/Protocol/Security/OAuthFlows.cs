namespace ServerlessA2A.Protocol.Security;

/// <summary>How an OAuth 2.0 token is had. Exactly one member is set.</summary>
/// <remarks>A2A 1.0, section 4.5.7.</remarks>
internal sealed record OAuthFlows
{
    /// <summary>By an authorization code.</summary>
    public AuthorizationCodeOAuthFlow? AuthorizationCode { get; init; }

    /// <summary>By the client's own credentials.</summary>
    public ClientCredentialsOAuthFlow? ClientCredentials { get; init; }

    /// <summary>By the implicit flow (deprecated by the specification).</summary>
    public ImplicitOAuthFlow? Implicit { get; init; }

    /// <summary>By the user's password (deprecated by the specification).</summary>
    public PasswordOAuthFlow? Password { get; init; }

    /// <summary>By a device code (RFC 8628).</summary>
    public DeviceCodeOAuthFlow? DeviceCode { get; init; }
}
