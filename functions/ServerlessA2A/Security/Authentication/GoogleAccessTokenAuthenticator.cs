using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Security.Authentication;

/// <summary>Takes access tokens that Google has given to an OAuth client of ours for a user. They say nothing themselves: Google is asked, once for each.</summary>
/// <remarks>The client has to ask for the scope <c>openid</c> or that of the e-mail address: without one Google does not say whose a token is.</remarks>
internal sealed partial class GoogleAccessTokenAuthenticator(
    IOptions<SecurityOptions> options, IdentityProviderClient google, TimeProvider time) : IAuthenticator, IDisposable
{
    /// <summary>How long a token that is not good is remembered: what is sent again and again is not handed on.</summary>
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
            throw new AuthenticationException("The bearer token has characters or a length that no access token has.");
        var verdict = await _verdicts.GetAsync(token, AskAsync, cancellationToken);
        return verdict.Identity is { } identity ? identity with { AccessToken = token } : throw new AuthenticationException(verdict.Refusal);
    }

    /// <inheritdoc/>
    public void Dispose() => _verdicts.Dispose();

    /// <summary>RFC 6750, section 2.1; Google keeps access tokens below 2,048 bytes.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9\-._~+/]{1,4096}={0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Token { get; }

    private async Task<TokenVerdict> AskAsync(string token, CancellationToken cancellationToken)
    {
        // In the body: addresses are written down by everybody.
        using var form = new FormUrlEncodedContent([new("access_token", token)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.TokenInfoUrl) { Content = form };
        var answer = await google.AskAsync(request, cancellationToken);
        if (answer.Status != HttpStatusCode.BadRequest)
            return Judge(answer.Json(HttpStatusCode.OK), answer.Address);
        return answer.Json(HttpStatusCode.BadRequest) is var fault && (fault.Has("error") || fault.Has("error_description"))
            ? Refuse("Google does not know the access token, or it has expired.")
            : throw new IdentityProviderException($"{answer.Address} answers with a fault that is none of an access token.");
    }

    private TokenVerdict Judge(JsonMembers token, string address)
    {
        // Whom it was made for; where that is not said, who has got it.
        if ((token.Text("aud") ?? token.Text("azp")) is not { } audience || token.Time("exp") is not { } expires)
            throw new IdentityProviderException($"{address} does not say whom an access token was made for and until when.");
        if (!_options.Audiences.Contains(audience))
            return Refuse("The access token was made for another OAuth client.");
        if (expires <= time.GetUtcNow())
            return Refuse("The access token has expired.");
        return token.CallerName("sub") is { } name
            ? new TokenVerdict(expires) { Identity = new Identity(name) { Authority = "google-access-token", Email = token.VerifiedEmail() }.WithClaims(token) }
            : Refuse("The access token does not say whose it is: its OAuth client has to ask for the scope openid.");
    }

    private TokenVerdict Refuse(string why) => new(time.GetUtcNow() + RefusalKept) { Refusal = why };
}
