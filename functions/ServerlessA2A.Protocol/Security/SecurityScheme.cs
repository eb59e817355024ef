namespace ServerlessA2A.Protocol.Security;

/// <summary>A way to authenticate. Exactly one member is set.</summary>
/// <remarks>A2A 1.0, section 4.5.1.</remarks>
public sealed record SecurityScheme
{
    /// <summary>An API key.</summary>
    public ApiKeySecurityScheme? ApiKeySecurityScheme { get; init; }

    /// <summary>An HTTP authentication scheme.</summary>
    public HttpAuthSecurityScheme? HttpAuthSecurityScheme { get; init; }

    /// <summary>OAuth 2.0.</summary>
    public OAuth2SecurityScheme? Oauth2SecurityScheme { get; init; }

    /// <summary>OpenID Connect.</summary>
    public OpenIdConnectSecurityScheme? OpenIdConnectSecurityScheme { get; init; }

    /// <summary>A client certificate.</summary>
    public MutualTlsSecurityScheme? MtlsSecurityScheme { get; init; }
}
