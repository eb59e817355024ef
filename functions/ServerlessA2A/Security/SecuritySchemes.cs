using ServerlessA2A.Protocol;

namespace ServerlessA2A.Security;

/// <summary>What the card says of how callers have to prove who they are (A2A 1.0, sections 4.5 and 7.3): what is configured, in the words of OpenAPI.</summary>
internal static class SecuritySchemes
{
    private static readonly AuthorizationCodeOAuthFlow GoogleFlow = new()
    {
        AuthorizationUrl = "https://accounts.google.com/o/oauth2/v2/auth",
        TokenUrl = "https://oauth2.googleapis.com/token",
        Scopes = new Dictionary<string, string> { ["openid"] = "Who you are.", ["email"] = "Your e-mail address." },
    };

    /// <summary>The card with the schemes; each of them is enough. As it was where callers are anonymous.</summary>
    public static AgentCard Declare(AgentCard card, SecurityOptions options)
    {
        var schemes = IdentitySchemes.Of(options).SelectMany(scheme => Of(scheme, options)).ToDictionary();
        if (schemes.Count == 0)
            return card;
        var required = schemes.Select(scheme => new SecurityRequirement { Schemes = new Dictionary<string, StringList> { [scheme.Key] = new() { List = ScopesOf(scheme.Value) } } });
        return card with
        {
            SecuritySchemes = schemes,
            // A requirement of nothing, where nothing is required: anonymous callers are let in too.
            SecurityRequirements = IdentitySchemes.Of(options).Contains(IdentityScheme.None) ? null : [.. required],
        };
    }

    private static IEnumerable<KeyValuePair<string, SecurityScheme>> Of(IdentityScheme scheme, SecurityOptions options) => scheme switch
    {
        IdentityScheme.Iam => [new("iam", Bearer("A Google ID token for this agent's address, of an account that may invoke it (roles/run.invoker)."))],
        IdentityScheme.ApiKey => [new("apiKey", new() { ApiKeySecurityScheme = new() { Location = "header", Name = options.ApiKeys.Header } })],
        IdentityScheme.GoogleAccessToken => [new("google", new() { Oauth2SecurityScheme = new() { Flows = new() { AuthorizationCode = GoogleFlow } } })],
        IdentityScheme.Oidc => options.Oidc.Issuers.Select((issuer, i) => KeyValuePair.Create(i == 0 ? "oidc" : FormattableString.Invariant($"oidc{i + 1}"), Of(issuer))),
        _ => [],
    };

    /// <summary>A provider without a discovery document can only be named.</summary>
    private static SecurityScheme Of(OidcIssuerOptions issuer) => string.IsNullOrEmpty(issuer.KeySetUrl)
        ? new() { OpenIdConnectSecurityScheme = new() { OpenIdConnectUrl = $"{issuer.Issuer.TrimEnd('/')}/.well-known/openid-configuration" } }
        : Bearer($"A token of {issuer.Issuer}.");

    private static SecurityScheme Bearer(string description) =>
        new() { HttpAuthSecurityScheme = new() { Scheme = "Bearer", BearerFormat = "JWT", Description = description } };

    private static IReadOnlyList<string> ScopesOf(SecurityScheme scheme) => scheme.Oauth2SecurityScheme is null ? [] : [.. GoogleFlow.Scopes.Keys];
}
