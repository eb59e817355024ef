using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// Accepts the caller that the application itself has authenticated: the <see cref="HttpContext.User"/> of <c>UseAuthentication</c> in an
/// ASP.NET Core application that serves the agent with <c>MapA2A</c>.
/// </summary>
/// <remarks>
/// The name is the claim <see cref="ClaimTypes.NameIdentifier"/>, or <c>sub</c>. It is preceded by its issuer, unless that is the
/// application itself: if two providers are trusted, neither may name the other's callers.
/// </remarks>
internal sealed class ApplicationAuthenticator : IAuthenticator
{
    /// <inheritdoc/>
    public IdentityScheme Scheme => IdentityScheme.Application;

    /// <inheritdoc/>
    public string Challenge => "Bearer";

    /// <inheritdoc/>
    public ValueTask<Identity?> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(
            request.HttpContext.User is { Identity.IsAuthenticated: true } user
                ? IdentityOf(user.Identities.Where(each => each.IsAuthenticated))
                : null);

    private static Identity IdentityOf(IEnumerable<ClaimsIdentity> user)
    {
        var (identity, claim) = user
            .Select(each => (each, Name: each.FindFirst(ClaimTypes.NameIdentifier) ?? each.FindFirst("sub")))
            .FirstOrDefault(each => each.Name is not null);
        if (string.IsNullOrEmpty(claim?.Value))
            throw new AuthenticationException("The application's user has neither the claim NameIdentifier nor sub.");
        var issuer = claim.Issuer == ClaimsIdentity.DefaultIssuer ? "" : claim.Issuer;
        var name = issuer.Length == 0 && !claim.Value.Contains(' ', StringComparison.Ordinal) ? claim.Value : $"{issuer} {claim.Value}";
        var claims = ApplicationClaims.Of(identity);
        return new Identity(CallerClaims.Shorten(name)) { Authority = "application", Email = claims.VerifiedEmail() }.WithClaims(claims);
    }
}
