using System.Net.Http.Headers;
using System.Text;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Client.Credentials;

/// <summary>
/// A credential for an agent. Which of its card's security schemes it fits, and so where it is sent, follows from its kind.
/// </summary>
public abstract class AgentCredential
{
    private protected AgentCredential()
    {
    }

    /// <summary>An API key, sent where the card's scheme wants it: a header, a query parameter or a cookie.</summary>
    /// <param name="key">The key.</param>
    /// <param name="header">
    /// The header for an agent whose card names no scheme. Default: the key is sent only where a scheme names it.
    /// </param>
    public static AgentCredential ApiKey(string key, string? header = null) => new ApiKeyCredential(key, header);

    /// <summary>A bearer token.</summary>
    public static AgentCredential Bearer(string token) => new BearerCredential(_ => ValueTask.FromResult(token));

    /// <summary>A bearer token that is asked for on each request, such as that of another library, which caches and renews it.</summary>
    public static AgentCredential Bearer(Func<CancellationToken, ValueTask<string>> getToken) => new BearerCredential(getToken);

    /// <summary>A user name and a password (RFC 7617).</summary>
    public static AgentCredential Basic(string user, string password) => new BasicCredential(user, password);

    /// <summary>The client credentials grant of OAuth 2.0 (RFC 6749, section 4.4). The token is cached and renewed.</summary>
    /// <remarks>
    /// The token endpoint is an argument, and is never taken from the card: a card that could choose it could ask for the secret.
    /// </remarks>
    /// <param name="tokenEndpoint">The address of the authorization server's token endpoint.</param>
    /// <param name="clientId">The client's id.</param>
    /// <param name="clientSecret">The client's secret.</param>
    /// <param name="scopes">The scopes. Default: those that the card requires.</param>
    public static AgentCredential ClientCredentials(Uri tokenEndpoint, string clientId, string clientSecret, params string[] scopes) =>
        new ClientCredentialsCredential(tokenEndpoint, clientId, clientSecret, scopes);

    /// <summary>
    /// An ID token of the service account that this program runs as, from Google Cloud's metadata server: for agents on Cloud Run that
    /// require authentication.
    /// </summary>
    /// <param name="audience">Default: the scheme and host of the agent's address.</param>
    public static AgentCredential GoogleIdToken(string? audience = null) => new GoogleIdTokenCredential(audience);

    /// <summary>An access token of the service account that this program runs as, from Google Cloud's metadata server.</summary>
    public static AgentCredential GoogleAccessToken() => new GoogleAccessTokenCredential();

    /// <summary>Whether the credential is one for the scheme; null is an agent whose card names none.</summary>
    internal abstract bool Fits(SecurityScheme? scheme);

    /// <summary>Adds the credential to a request.</summary>
    internal abstract ValueTask ApplyAsync(
        HttpRequestMessage request, SecurityScheme? scheme, IReadOnlyList<string> scopes, CredentialContext context,
        CancellationToken cancellationToken);

    /// <summary>Drops a token that was rejected. False where there is no other to try.</summary>
    internal virtual bool Renew() => false;

    private protected static void SetBearer(HttpRequestMessage request, string token) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private protected static bool TakesBearer(SecurityScheme? scheme) => scheme is null
        or { Oauth2SecurityScheme: not null } or { OpenIdConnectSecurityScheme: not null } ||
        string.Equals(scheme.HttpAuthSecurityScheme?.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase);

    private sealed class BearerCredential(Func<CancellationToken, ValueTask<string>> getToken) : AgentCredential
    {
        internal override bool Fits(SecurityScheme? scheme) => TakesBearer(scheme);

        internal override async ValueTask ApplyAsync(
            HttpRequestMessage request, SecurityScheme? scheme, IReadOnlyList<string> scopes, CredentialContext context,
            CancellationToken cancellationToken) =>
            SetBearer(request, await getToken(cancellationToken));
    }

    private sealed class BasicCredential(string user, string password) : AgentCredential
    {
        internal override bool Fits(SecurityScheme? scheme) => scheme is null ||
            string.Equals(scheme.HttpAuthSecurityScheme?.Scheme, "Basic", StringComparison.OrdinalIgnoreCase);

        internal override ValueTask ApplyAsync(
            HttpRequestMessage request, SecurityScheme? scheme, IReadOnlyList<string> scopes, CredentialContext context,
            CancellationToken cancellationToken)
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", text);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ApiKeyCredential(string key, string? header) : AgentCredential
    {
        internal override bool Fits(SecurityScheme? scheme) =>
            scheme is null ? header is not null : scheme.ApiKeySecurityScheme is not null;

        internal override ValueTask ApplyAsync(
            HttpRequestMessage request, SecurityScheme? scheme, IReadOnlyList<string> scopes, CredentialContext context,
            CancellationToken cancellationToken)
        {
            var (location, name) = scheme?.ApiKeySecurityScheme is { } named ? (named.Location, named.Name) : ("header", header!);
            switch (location)
            {
                case "query":
                    var url = new UriBuilder(request.RequestUri!);
                    var parameter = $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(key)}";
                    url.Query = url.Query.Length > 1 ? $"{url.Query[1..]}&{parameter}" : parameter;
                    request.RequestUri = url.Uri;
                    break;
                case "cookie":
                    request.Headers.TryAddWithoutValidation("Cookie", $"{name}={key}");
                    break;
                default:
                    request.Headers.TryAddWithoutValidation(name, key);
                    break;
            }

            return ValueTask.CompletedTask;
        }
    }
}
