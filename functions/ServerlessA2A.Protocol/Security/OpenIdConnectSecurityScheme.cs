namespace ServerlessA2A.Protocol.Security;

/// <summary>Authentication by OpenID Connect.</summary>
/// <remarks>A2A 1.0, section 4.5.5.</remarks>
public sealed record OpenIdConnectSecurityScheme
{
    /// <summary>The description.</summary>
    public string? Description { get; init; }

    /// <summary>The provider's discovery address.</summary>
    public required string OpenIdConnectUrl { get; init; }
}
