using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// Accepts access tokens that Google issued to one of the configured OAuth clients for a user. They are opaque: Google's token info is
/// requested once for each token.
/// </summary>
/// <remarks>
/// The client must request the scope <c>openid</c> or that of the e-mail address; otherwise Google does not name the user.
/// </remarks>
internal sealed partial class GoogleAccessTokenAuthenticator(
    IOptions<SecurityOptions> options, IdentityProviderClient google, TimeProvider time) : IAuthenticator, IDisposable
{
    /// <summary>How long a rejected token is remembered, so that repeated requests with it do not reach Google.</summary>
    internal static readonly TimeSpan RefusalKept = TimeSpan.FromSeconds(10);

    private readonly GoogleAccessTokenOptions _options = options.Value.GoogleAccessToken;
    private readonly TokenVerdicts _verdicts = new(time);

    /// <inheritdoc/>
    public IdentityScheme Scheme => IdentityScheme.GoogleAccessToken;

    /// <inheritdoc/>
    public string Challenge => "Bearer";

    /// <inheritdoc/>
    public async ValueTask<Identity?> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (Credentials.Bearer(request) is not { } token || Credentials.IsJwt(token))
            return null;
        if (!Token.IsMatch(token))
            throw new AuthenticationException("The bearer token has characters or a length that access tokens never have.");
        var verdict = await _verdicts.GetAsync(token, AskAsync, cancellationToken);
        return verdict.Identity is { } identity ? identity with { AccessToken = token }
            : throw new AuthenticationException(verdict.Refusal);
    }

    /// <inheritdoc/>
    public void Dispose() => _verdicts.Dispose();

    /// <summary>RFC 6750, section 2.1; Google's access tokens have at most 2,048 bytes.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9\-._~+/]{1,4096}={0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Token { get; }

    private async Task<TokenVerdict> AskAsync(string token, CancellationToken cancellationToken)
    {
        // In the body, because addresses appear in logs.
        using var form = new FormUrlEncodedContent([new("access_token", token)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.TokenInfoUrl) { Content = form };
        var answer = await google.AskAsync(request, cancellationToken);
        if (answer.Status != HttpStatusCode.BadRequest)
            return Judge(answer.Json(HttpStatusCode.OK), answer.Address);
        return answer.Json(HttpStatusCode.BadRequest) is var fault && (fault.Has("error") || fault.Has("error_description"))
            ? Refuse("Google rejected the access token as unknown or expired.")
            : throw new IdentityProviderException($"{answer.Address} returned an error that is not about the access token.");
    }

    private TokenVerdict Judge(JsonMembers token, string address)
    {
        // The audience; if it is missing, the client that the token was issued to.
        if ((token.Text("aud") ?? token.Text("azp")) is not { } audience || token.Time("exp") is not { } expires)
            throw new IdentityProviderException($"{address} returned no audience or no expiry for an access token.");
        if (!_options.Audiences.Contains(audience))
            return Refuse("The access token was issued for another OAuth client.");
        if (expires <= time.GetUtcNow())
            return Refuse("The access token has expired.");
        return token.CallerName("sub") is { } name
            ? new TokenVerdict(expires)
            {
                Identity = new Identity(name) { Authority = "google-access-token", Email = token.VerifiedEmail() }.WithClaims(token),
            }
            : Refuse("The access token names no user: its OAuth client must request the scope openid.");
    }

    private TokenVerdict Refuse(string why) => new(time.GetUtcNow() + RefusalKept) { Refusal = why };
}
