using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Client.Credentials;

/// <summary>The credentials that fit a card: those of the first requirement that they fulfil.</summary>
internal sealed class AppliedCredentials
{
    private readonly List<(AgentCredential Credential, SecurityScheme? Scheme, IReadOnlyList<string> Scopes)> _chosen = [];
    private readonly CredentialContext _context;

    private AppliedCredentials(CredentialContext context) => _context = context;

    /// <summary>No credentials.</summary>
    public static AppliedCredentials None(CredentialContext context) => new(context);

    /// <summary>The credentials that need no card, for the card itself, and for cards that name no scheme.</summary>
    public static AppliedCredentials WithoutCard(IEnumerable<AgentCredential> offered, CredentialContext context)
    {
        var applied = new AppliedCredentials(context);
        applied._chosen.AddRange(offered.Where(each => each.Fits(null)).Take(1).Select(each =>
            (each, (SecurityScheme?)null, (IReadOnlyList<string>)[])));
        return applied;
    }

    /// <summary>
    /// The credentials that the card requires. Where they fulfil none of its requirements, the agent decides about those that need no
    /// scheme.
    /// </summary>
    public static AppliedCredentials For(AgentCard card, IReadOnlyList<AgentCredential> offered, CredentialContext context)
    {
        foreach (var requirement in card.SecurityRequirements ?? [])
        {
            if (requirement.Schemes is not { Count: > 0 } schemes) continue;
            var applied = new AppliedCredentials(context);
            foreach (var (name, scopes) in schemes)
            {
                if (card.SecuritySchemes?.GetValueOrDefault(name) is { } scheme &&
                    offered.FirstOrDefault(each => each.Fits(scheme)) is { } credential)
                    applied._chosen.Add((credential, scheme, scopes.List ?? []));
            }

            if (applied._chosen.Count == schemes.Count) return applied;
        }

        return WithoutCard(offered, context);
    }

    /// <summary>Adds the credentials to a request.</summary>
    public async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var (credential, scheme, scopes) in _chosen)
            await credential.ApplyAsync(request, scheme, scopes, _context, cancellationToken);
    }

    /// <summary>Drops tokens that were rejected; false where there are no others to try.</summary>
    public bool Renew()
    {
        var renewed = false;
        foreach (var (credential, _, _) in _chosen) renewed |= credential.Renew();
        return renewed;
    }
}
