using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServerlessA2A.Security.Authentication;

namespace ServerlessA2A.Security;

/// <summary>The authenticators in a service collection, each with its scheme as the key: what is not configured is not made.</summary>
internal static class AuthenticationServices
{
    /// <summary>Adds them; <see cref="Authenticators"/> are those that are configured.</summary>
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
