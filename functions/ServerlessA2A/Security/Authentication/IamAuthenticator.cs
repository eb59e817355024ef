using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// Reads who calls from an ID token that Cloud Run has checked. Its signature is not looked at, and is no longer there: Cloud Run replaces it with
/// <c>SIGNATURE_REMOVED_BY_GOOGLE</c>.
/// </summary>
/// <remarks>
/// Safe only behind that check, on a service deployed with <c>--no-allow-unauthenticated</c>: on any other anybody can write such a token.
/// </remarks>
internal sealed class IamAuthenticator(TimeProvider time) : IAuthenticator
{
    private const string Authorization = "Authorization";

    /// <summary>Between Google's clock and ours.</summary>
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public IdentityScheme Scheme => IdentityScheme.Iam;

    /// <inheritdoc/>
    public string Challenge => "Bearer";

    /// <inheritdoc/>
    public ValueTask<Identity?> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(Authenticate(request));

    private Identity? Authenticate(HttpRequest request)
    {
        // Where its own header is there, in whatever form, Cloud Run has looked at that one, and the other holds what anybody likes.
        var header = request.Headers.ContainsKey(Credentials.ServerlessHeader) ? Credentials.ServerlessHeader : Authorization;
        if (Credentials.Bearer(request, header) is { } token && Credentials.IsJwt(token))
            return IdentityOf(token, header);
        return header == Authorization ? null : throw new AuthenticationException($"{header} holds no ID token.");
    }

    private Identity IdentityOf(string token, string header)
    {
        var claims = UnverifiedJwt.Read(token)?.Claims ?? throw new AuthenticationException($"The ID token in {header} can't be read.");
        // Cloud Run has looked at it too; should it ever not have, a token that was found somewhere is of no use for long.
        if (claims.Time("exp") is not { } expires || time.GetUtcNow() - ClockSkew >= expires)
            throw new AuthenticationException($"The ID token in {header} has expired, or does not say when it does.");
        var name = claims.CallerName(CallerClaims.Email) ?? claims.CallerName("sub") ?? throw new AuthenticationException($"The ID token in {header} names nobody.");
        return new Identity(name) { Authority = "iam", Email = claims.VerifiedEmail() }.WithClaims(claims);
    }
}
