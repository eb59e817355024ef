using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Security;

/// <summary>The ways to find out who calls that are configured. The others are never made, nor are the libraries they need loaded: a cold start is short.</summary>
internal sealed class Authenticators
{
    /// <summary>What tells most surely what is meant comes first; <c>iam</c>, which believes what it reads, sees what nobody else has taken.</summary>
    private static readonly IdentityScheme[] Order = [IdentityScheme.Application, IdentityScheme.ApiKey, IdentityScheme.GoogleAccessToken, IdentityScheme.Oidc, IdentityScheme.Iam];

    private readonly List<IAuthenticator> _configured = [];

    /// <summary>Makes those that are configured.</summary>
    public Authenticators(IServiceProvider services, IOptions<SecurityOptions> options)
    {
        foreach (var scheme in Order)
        {
            if (IdentitySchemes.Has(options.Value, scheme))
                _configured.Add(services.GetRequiredKeyedService<IAuthenticator>(scheme));
        }
    }

    /// <summary>In the order in which they are asked. None where callers stay anonymous.</summary>
    public IReadOnlyList<IAuthenticator> Configured => _configured;
}
