using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ServerlessA2A.Security.Authentication;

/// <summary>The authenticators in a service collection, each keyed by its scheme. Only configured ones are created.</summary>
internal static class AuthenticationServices
{
    /// <summary>Adds the authenticators; <see cref="Authenticators"/> has those that are configured.</summary>
    public static void AddAuthenticators(this IServiceCollection services)
    {
        services.TryAddSingleton<IdentityProviderClient>();
        services.TryAddKeyedSingleton<IAuthenticator, ApiKeyAuthenticator>(IdentityScheme.ApiKey);
        services.TryAddKeyedSingleton<IAuthenticator, GoogleAccessTokenAuthenticator>(IdentityScheme.GoogleAccessToken);
        services.TryAddKeyedSingleton<IAuthenticator, OidcAuthenticator>(IdentityScheme.Oidc);
        services.TryAddKeyedSingleton<IAuthenticator, ApplicationAuthenticator>(IdentityScheme.Application);
        services.TryAddKeyedSingleton<IAuthenticator, IamAuthenticator>(IdentityScheme.Iam);
        services.TryAddSingleton<Authenticators>();
    }
}
