namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Security schemes, requirements and OAuth flows.</summary>
internal static class SecurityTranslation
{
    public static IReadOnlyDictionary<string, WireSecurityScheme>? ToV0_3(IReadOnlyDictionary<string, SecurityScheme>? schemes, Binding binding) =>
        schemes?.Where(scheme => IsKnown(scheme.Value))
            .ToDictionary(scheme => scheme.Key, scheme => binding == Binding.Http ? ToProto(scheme.Value) : ToV0_3(scheme.Value));

    public static IReadOnlyList<WireSecurity>? ToV0_3(IReadOnlyList<SecurityRequirement>? requirements, Binding binding) =>
        requirements?.Select(requirement => new WireSecurity(requirement.Schemes, binding)).ToList();

    /// <summary>
    /// Both shapes in one object: the names are disjoint. Every scheme has a <c>type</c>, since clients of 0.3 take a card for the proto file's
    /// where the first one lacks it.
    /// </summary>
    public static WireSecurityScheme Blend(SecurityScheme scheme) => ToV0_3(scheme) with
    {
        ApiKeySecurityScheme = scheme.ApiKeySecurityScheme,
        HttpAuthSecurityScheme = scheme.HttpAuthSecurityScheme,
        Oauth2SecurityScheme = scheme.Oauth2SecurityScheme,
        OpenIdConnectSecurityScheme = scheme.OpenIdConnectSecurityScheme,
        MtlsSecurityScheme = scheme.MtlsSecurityScheme,
    };

    private static WireSecurityScheme ToV0_3(SecurityScheme scheme) => scheme switch
    {
        { ApiKeySecurityScheme: { } key } => new() { Type = "apiKey", Description = key.Description, Name = key.Name, In = key.Location },
        { HttpAuthSecurityScheme: { } http } => new()
        {
            Type = "http",
            Description = http.Description,
            Scheme = http.Scheme,
            BearerFormat = http.BearerFormat,
        },
        { Oauth2SecurityScheme: { } oauth2 } => new()
        {
            Type = "oauth2",
            Description = oauth2.Description,
            Flows = ToV0_3(oauth2.Flows),
            Oauth2MetadataUrl = oauth2.Oauth2MetadataUrl,
        },
        { OpenIdConnectSecurityScheme: { } openId } => new()
        {
            Type = "openIdConnect",
            Description = openId.Description,
            OpenIdConnectUrl = openId.OpenIdConnectUrl,
        },
        { MtlsSecurityScheme: { } mutualTls } => new() { Type = "mutualTLS", Description = mutualTls.Description },
        _ => throw new InvalidOperationException("A security scheme of the card has no member set."),
    };

    /// <summary>1.0's shape without the fields that 0.3's proto file does not know: strict readers of it refuse them.</summary>
    private static WireSecurityScheme ToProto(SecurityScheme scheme) => new()
    {
        ApiKeySecurityScheme = scheme.ApiKeySecurityScheme,
        HttpAuthSecurityScheme = scheme.HttpAuthSecurityScheme,
        Oauth2SecurityScheme = scheme.Oauth2SecurityScheme is { Flows.AuthorizationCode: { } flow } oauth2
            ? oauth2 with { Flows = new() { AuthorizationCode = flow with { PkceRequired = false } } }
            : scheme.Oauth2SecurityScheme,
        OpenIdConnectSecurityScheme = scheme.OpenIdConnectSecurityScheme,
        MtlsSecurityScheme = scheme.MtlsSecurityScheme,
    };

    /// <summary>0.3 has no device code flow, and its readers fail on an OAuth scheme without a flow: such a scheme is left out.</summary>
    private static bool IsKnown(SecurityScheme scheme) => scheme.Oauth2SecurityScheme?.Flows.DeviceCode is null;

    private static WireOAuthFlows ToV0_3(OAuthFlows flows) => new()
    {
        AuthorizationCode = flows.AuthorizationCode is { } code
            ? new() { AuthorizationUrl = code.AuthorizationUrl, TokenUrl = code.TokenUrl, RefreshUrl = code.RefreshUrl, Scopes = code.Scopes }
            : null,
        ClientCredentials = flows.ClientCredentials is { } credentials
            ? new() { TokenUrl = credentials.TokenUrl, RefreshUrl = credentials.RefreshUrl, Scopes = credentials.Scopes }
            : null,
        Implicit = flows.Implicit is { } simple
            ? new() { AuthorizationUrl = simple.AuthorizationUrl, RefreshUrl = simple.RefreshUrl, Scopes = simple.Scopes ?? NoScopes }
            : null,
        Password = flows.Password is { } password
            ? new() { TokenUrl = password.TokenUrl, RefreshUrl = password.RefreshUrl, Scopes = password.Scopes ?? NoScopes }
            : null,
    };

    private static IReadOnlyDictionary<string, string> NoScopes { get; } = new Dictionary<string, string>();
}
