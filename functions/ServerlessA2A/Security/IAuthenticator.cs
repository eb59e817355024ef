using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Security;

/// <summary>Finds out by one scheme who calls.</summary>
internal interface IAuthenticator
{
    /// <summary>The scheme.</summary>
    IdentityScheme Scheme { get; }

    /// <summary>The challenge for callers without a credential (RFC 9110, section 11.6.1), such as <c>Bearer</c>.</summary>
    string Challenge { get; }

    /// <summary>Who calls; null where the request holds no credential of this scheme, so that another one may look at it.</summary>
    /// <exception cref="AuthenticationException">It holds one that is not good.</exception>
    /// <exception cref="IdentityProviderException">Nobody can tell now whether it is good.</exception>
    ValueTask<Identity?> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken);
}
