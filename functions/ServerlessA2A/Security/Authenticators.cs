using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Security;

/// <summary>The configured authenticators. Others are never created and their libraries never loaded, which shortens cold starts.</summary>
internal sealed class Authenticators
{
    /// <summary>Schemes with unmistakable credentials come first; <c>iam</c>, which trusts its token, comes last.</summary>
    private static readonly IdentityScheme[] Order =
    [
        IdentityScheme.Application, IdentityScheme.ApiKey, IdentityScheme.GoogleAccessToken, IdentityScheme.Oidc, IdentityScheme.Iam,
    ];

    private readonly List<IAuthenticator> _configured = [];

    /// <summary>Creates the configured authenticators.</summary>
    public Authenticators(IServiceProvider services, IOptions<SecurityOptions> options)
    {
        foreach (var scheme in Order)
        {
            if (IdentitySchemes.Has(options.Value, scheme))
                _configured.Add(services.GetRequiredKeyedService<IAuthenticator>(scheme));
        }
    }

    /// <summary>The authenticators in the order in which they are asked. Empty if callers are anonymous.</summary>
    public IReadOnlyList<IAuthenticator> Configured => _configured;
}
