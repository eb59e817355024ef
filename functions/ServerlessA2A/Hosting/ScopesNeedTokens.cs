using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Security;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Hosting;

/// <summary>Rejects skills that require scopes where no identity's tokens have any: nobody could use them.</summary>
internal sealed class ScopesNeedTokens(IOptions<SecurityOptions> security) : IValidateOptions<AgentCardOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AgentCardOptions options)
    {
        var faults = Faults($"{options.Section}:Skills", options.Skills)
            .Concat(Faults($"{options.Section}:Extended:Skills", options.Extended.Skills)).ToList();
        return faults.Count == 0 || HasScopes(security.Value) ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(string section, IList<SkillOptions> skills)
    {
        for (var i = 0; i < skills.Count; i++)
        {
            if (skills[i].RequiredScopes is not [var scope, ..])
                continue;
            yield return SettingFault.Of(
                $"{section}:{i}:RequiredScopes:0", scope,
                "only tokens of the identities oidc, google-access-token and application have scopes: set one of them, or no scopes.");
        }
    }

    private static bool HasScopes(SecurityOptions security) =>
        IdentitySchemes.Has(security, IdentityScheme.Oidc) || IdentitySchemes.Has(security, IdentityScheme.GoogleAccessToken) ||
        IdentitySchemes.Has(security, IdentityScheme.Application);
}
