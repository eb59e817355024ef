using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Security;

/// <summary>The card's security schemes and requirements (A2A 1.0, sections 4.5 and 7.3), built from the configured identities.</summary>
internal static class SecuritySchemes
{
    private static readonly AuthorizationCodeOAuthFlow GoogleFlow = new()
    {
        AuthorizationUrl = "https://accounts.google.com/o/oauth2/v2/auth",
        TokenUrl = "https://oauth2.googleapis.com/token",
        Scopes = new Dictionary<string, string> { ["openid"] = "Who you are.", ["email"] = "Your e-mail address." },
    };

    /// <summary>Adds the schemes to the card; any one of them is sufficient. Unchanged if callers are anonymous.</summary>
    /// <param name="card">The card.</param>
    /// <param name="options">The identities.</param>
    /// <param name="scopesOf">The scopes that a skill requires, by its id.</param>
    public static AgentCard Declare(AgentCard card, SecurityOptions options, Func<string, IReadOnlyList<string>> scopesOf)
    {
        var schemes = Of(options);
        if (schemes.Count == 0)
            return card;
        var required = schemes.Select(scheme => new SecurityRequirement
        {
            Schemes = new Dictionary<string, StringList> { [scheme.Key] = new() { List = ScopesOf(scheme.Value) } },
        });
        return card with
        {
            SecuritySchemes = schemes,
            Skills = [.. card.Skills.Select(skill => WithScopes(skill, scopesOf(skill.Id), schemes))],
            // An empty requirement, because anonymous callers are admitted too.
            SecurityRequirements = IdentitySchemes.Has(options, IdentityScheme.None) ? null : [.. required],
        };
    }

    /// <summary>A skill that requires scopes names the schemes whose tokens can have some.</summary>
    private static AgentSkill WithScopes(AgentSkill skill, IReadOnlyList<string> scopes, Dictionary<string, SecurityScheme> schemes) =>
        scopes.Count == 0 ? skill : skill with
        {
            SecurityRequirements = [.. schemes.Where(scheme => HasScopes(scheme.Key)).Select(scheme => new SecurityRequirement
            {
                Schemes = new Dictionary<string, StringList> { [scheme.Key] = new() { List = scopes } },
            })],
        };

    private static bool HasScopes(string scheme) => scheme == "google" || scheme.StartsWith("oidc", StringComparison.Ordinal);

    private static Dictionary<string, SecurityScheme> Of(SecurityOptions options)
    {
        var schemes = new Dictionary<string, SecurityScheme>();
        if (IdentitySchemes.Has(options, IdentityScheme.Iam))
            schemes["iam"] = Bearer("A Google ID token for this agent's address, of an account that may invoke it (roles/run.invoker).");
        for (var i = 0; i < options.Oidc.Issuers.Count && IdentitySchemes.Has(options, IdentityScheme.Oidc); i++)
            schemes[i == 0 ? "oidc" : FormattableString.Invariant($"oidc{i + 1}")] = Of(options.Oidc.Issuers[i]);
        if (IdentitySchemes.Has(options, IdentityScheme.GoogleAccessToken))
            schemes["google"] = new() { Oauth2SecurityScheme = new() { Flows = new() { AuthorizationCode = GoogleFlow } } };
        if (IdentitySchemes.Has(options, IdentityScheme.ApiKey))
            schemes["apiKey"] = new() { ApiKeySecurityScheme = new() { Location = "header", Name = options.ApiKeys.Header } };
        return schemes;
    }

    /// <summary>A provider without a discovery document can only be named in the description.</summary>
    private static SecurityScheme Of(OidcIssuerOptions issuer) => string.IsNullOrEmpty(issuer.KeySetUrl)
        ? new()
        {
            OpenIdConnectSecurityScheme = new() { OpenIdConnectUrl = $"{issuer.Issuer.TrimEnd('/')}/.well-known/openid-configuration" },
        }
        : Bearer($"A token of {issuer.Issuer}.");

    private static SecurityScheme Bearer(string description) =>
        new() { HttpAuthSecurityScheme = new() { Scheme = "Bearer", BearerFormat = "JWT", Description = description } };

    private static IReadOnlyList<string> ScopesOf(SecurityScheme scheme) =>
        scheme.Oauth2SecurityScheme is null ? [] : [.. GoogleFlow.Scopes.Keys];
}
