using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Security;

/// <summary>Authenticates callers by one scheme.</summary>
internal interface IAuthenticator
{
    /// <summary>The scheme.</summary>
    IdentityScheme Scheme { get; }

    /// <summary>The challenge for callers without a credential (RFC 9110, section 11.6.1), such as <c>Bearer</c>.</summary>
    string Challenge { get; }

    /// <summary>
    /// Authenticates a request. Returns null if it has no credential of this scheme; then the next authenticator is asked.
    /// </summary>
    /// <exception cref="AuthenticationException">The credential is invalid.</exception>
    /// <exception cref="IdentityProviderException">The credential cannot be checked at the moment.</exception>
    ValueTask<Identity?> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken);
}
