using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Security;

/// <summary>The ways to find out who calls that are configured. The others are never made, nor are the libraries they need loaded: a cold start is short.</summary>
internal sealed class Authenticators(IServiceProvider services, IOptions<SecurityOptions> options)
{
    /// <summary>What tells most surely what is meant comes first; <c>iam</c>, which believes what it reads, sees what nobody else has taken.</summary>
    private static readonly IdentityScheme[] Order = [IdentityScheme.ApiKey, IdentityScheme.GoogleAccessToken, IdentityScheme.Oidc, IdentityScheme.Iam];

    /// <summary>In the order in which they are asked. None where callers stay anonymous.</summary>
    public IReadOnlyList<IAuthenticator> Configured { get; } =
        [.. Order.Intersect(IdentitySchemes.Of(options.Value)).Select(scheme => services.GetRequiredKeyedService<IAuthenticator>(scheme))];
}
