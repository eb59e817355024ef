namespace ServerlessA2A.Protocol.V0_3;

/// <summary>
/// A security scheme. In 0.3's JSON schema <see cref="Type"/> says which one it is and its fields lie beside it (as in OpenAPI); the proto file
/// of 0.3 has 1.0's members instead. A card for clients of both versions has both.
/// </summary>
internal sealed record WireSecurityScheme
{
    public string? Type { get; init; }

    public string? Description { get; init; }

    public string? Name { get; init; }

    public string? In { get; init; }

    public string? Scheme { get; init; }

    public string? BearerFormat { get; init; }

    public WireOAuthFlows? Flows { get; init; }

    public string? Oauth2MetadataUrl { get; init; }

    public string? OpenIdConnectUrl { get; init; }

    public ApiKeySecurityScheme? ApiKeySecurityScheme { get; init; }

    public HttpAuthSecurityScheme? HttpAuthSecurityScheme { get; init; }

    public OAuth2SecurityScheme? Oauth2SecurityScheme { get; init; }

    public OpenIdConnectSecurityScheme? OpenIdConnectSecurityScheme { get; init; }

    public MutualTlsSecurityScheme? MtlsSecurityScheme { get; init; }
}
