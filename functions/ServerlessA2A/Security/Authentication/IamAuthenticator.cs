using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// Reads the caller from an ID token that Cloud Run has checked. It does not check the signature, which is no longer there: Cloud Run
/// replaces it with <c>SIGNATURE_REMOVED_BY_GOOGLE</c>.
/// </summary>
/// <remarks>
/// Safe only behind that check, on a service deployed with <c>--no-allow-unauthenticated</c>: on any other service anyone can forge such
/// a token.
/// </remarks>
internal sealed class IamAuthenticator(TimeProvider time) : IAuthenticator
{
    private const string Authorization = "Authorization";

    /// <summary>The tolerated difference between Google's clock and ours.</summary>
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public IdentityScheme Scheme => IdentityScheme.Iam;

    /// <inheritdoc/>
    public string Challenge => "Bearer";

    /// <inheritdoc/>
    public ValueTask<Identity?> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Authenticate(request));

    private Identity? Authenticate(HttpRequest request)
    {
        // If this header exists, in whatever form, Cloud Run checked it and not the other one, which may contain anything.
        var header = request.Headers.ContainsKey(Credentials.ServerlessHeader) ? Credentials.ServerlessHeader : Authorization;
        if (Credentials.Bearer(request, header) is { } token && Credentials.IsJwt(token))
            return IdentityOf(token, header);
        return header == Authorization ? null : throw new AuthenticationException($"{header} contains no ID token.");
    }

    private Identity IdentityOf(string token, string header)
    {
        var claims = UnverifiedJwt.Read(token)?.Claims ?? throw new AuthenticationException($"The ID token in {header} cannot be read.");
        // Cloud Run checks the expiry too; checking it again limits the use of a leaked token should that ever fail.
        if (claims.Time("exp") is not { } expires || time.GetUtcNow() - ClockSkew >= expires)
            throw new AuthenticationException($"The ID token in {header} has expired, or has no expiry.");
        var name = claims.CallerName(CallerClaims.Email) ?? claims.CallerName("sub") ??
            throw new AuthenticationException($"The ID token in {header} names no caller.");
        return new Identity(name) { Authority = "iam", Email = claims.VerifiedEmail() }.WithClaims(claims);
    }
}
