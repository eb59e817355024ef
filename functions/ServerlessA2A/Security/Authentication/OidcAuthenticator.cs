using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// Accepts ID and access tokens that are JSON Web Tokens of the configured providers. Tokens of others are left to other authenticators.
/// </summary>
internal sealed class OidcAuthenticator(IOptions<SecurityOptions> options, IdentityProviderClient client, TimeProvider time)
    : IAuthenticator, IDisposable
{
    private static readonly string[] Algorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256];

    private readonly OidcOptions _options = options.Value.Oidc;
    private readonly JsonWebTokenHandler _tokens = new();
    private readonly Dictionary<string, Provider> _providers = options.Value.Oidc.Issuers.ToDictionary(
        issuer => issuer.Issuer,
        issuer => new Provider(issuer, new IssuerKeys(new KeySetSource(issuer, client), options.Value.Oidc.RefreshInterval, time)));

    /// <inheritdoc/>
    public IdentityScheme Scheme => IdentityScheme.Oidc;

    /// <inheritdoc/>
    public string Challenge => "Bearer";

    /// <inheritdoc/>
    public async ValueTask<Identity?> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (Credentials.Bearer(request) is not { } token || !Credentials.IsJwt(token))
            return null;
        var jwt = UnverifiedJwt.Read(token) ??
            throw new AuthenticationException("The bearer token has the form of a JSON Web Token but cannot be read.");
        if (jwt.Claims.Text("iss") is not { } issuer || !_providers.TryGetValue(issuer, out var provider))
            return null;

        await CheckAsync(token, jwt.Header, provider, cancellationToken);
        var name = jwt.Claims.CallerName(_options.CallerClaim) ?? throw new AuthenticationException(
            $"The token of {issuer} has no usable claim {_options.CallerClaim}; an e-mail address must be verified.");
        return new Identity(name) { Authority = issuer, Email = jwt.Claims.VerifiedEmail(), AccessToken = token }.WithClaims(jwt.Claims);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var provider in _providers.Values)
            provider.Keys.Dispose();
    }

    private async ValueTask CheckAsync(string token, JsonMembers header, Provider provider, CancellationToken cancellationToken)
    {
        var issuer = provider.Options.Issuer;
        if (!Algorithms.Contains(header.Text("alg")))
            throw new AuthenticationException($"The token of {issuer} is not signed with one of {string.Join(", ", Algorithms)}.");
        // IdentityModel ignores it. An unknown critical extension must be rejected, and we support none (RFC 7515, section 4.1.11).
        if (header.Has("crit"))
            throw new AuthenticationException($"The token of {issuer} requires extensions, which are not supported.");
        var keys = await provider.Keys.FindAsync(header.Text("kid"), cancellationToken);
        if (keys.Count == 0)
            throw new AuthenticationException($"The token of {issuer} names a key that {issuer} does not publish.");
        if (await FaultOfAsync(token, provider, keys) is { } fault)
            throw new AuthenticationException($"The token of {issuer} is invalid: {fault}.");
    }

    /// <summary>Validates a token. Returns only the kind of IdentityModel's errors, because their messages quote tokens.</summary>
    private async Task<string?> FaultOfAsync(string token, Provider provider, IReadOnlyList<JsonWebKey> keys)
    {
        var result = await _tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Options.Issuer,
            ValidAudiences = provider.Options.Audiences,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = keys,
            LifetimeValidator = IsNow,
        });
        return result.IsValid ? null : result.Exception?.GetType().Name ?? "not valid";
    }

    /// <summary>Checks the lifetime by the injected clock; IdentityModel uses its own.</summary>
    private bool IsNow(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now - _options.ClockSkew < end && (notBefore is not { } start || start <= now + _options.ClockSkew);
    }

    private sealed record Provider(OidcIssuerOptions Options, IssuerKeys Keys);
}
