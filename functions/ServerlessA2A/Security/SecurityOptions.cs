using ServerlessA2A.Protocol.Keys;
using ServerlessA2A.Security.Keys;

namespace ServerlessA2A.Security;

/// <summary>Authentication, authorization, and the keys that sign and encrypt: the section <c>A2A:Security</c>.</summary>
public sealed class SecurityOptions
{
    /// <summary>
    /// How callers authenticate, one or more of: <c>iam</c> (Cloud Run verifies the ID token), <c>oidc</c>, <c>google-access-token</c>,
    /// <c>api-key</c>, <c>application</c> (authenticated by the ASP.NET Core application that serves the agent), and <c>none</c> for
    /// anonymous callers. Default: <c>none</c>, for local runs; functions on Cloud Run require it.
    /// </summary>
    public IList<string> Identity { get; } = [];

    /// <summary>
    /// The callers that are authorized, by name (<c>sub</c>, name of the key) or verified e-mail address; <c>*@example.com</c> for a whole
    /// domain. The authenticating authority (<c>iam</c>, <c>application</c>, <c>google-access-token</c>, <c>api-key</c>, or the issuer) and
    /// a space may precede an entry: <c>api-key alice</c>. It must precede a name if there are several. Default: every authenticated
    /// caller.
    /// </summary>
    public IList<string> AllowedCallers { get; } = [];

    /// <summary>The providers whose tokens are accepted if <see cref="Identity"/> contains <c>oidc</c>.</summary>
    public OidcOptions Oidc { get; } = new();

    /// <summary>The access tokens that are accepted if <see cref="Identity"/> contains <c>google-access-token</c>.</summary>
    public GoogleAccessTokenOptions GoogleAccessToken { get; } = new();

    /// <summary>The keys that are accepted if <see cref="Identity"/> contains <c>api-key</c>.</summary>
    public ApiKeyOptions ApiKeys { get; } = new();

    /// <summary>Whether the agent and its tools receive the caller's access token for the duration of the run. Default: false.</summary>
    public bool ForwardAccessToken { get; set; }

    /// <summary>The exchange of the caller's access token for tokens of other services.</summary>
    public TokenExchangeOptions TokenExchange { get; } = new();

    /// <summary>
    /// The keys that sign cards and webhooks, for ES256 (P-256) or RS256 (RSA of at least 2048 bits): PEM, JWK, or <c>file:</c> and the
    /// path of either, such as a mounted secret. The first key signs; all are published. Add a new key after the old
    /// one, and put it first once receivers have read it.
    /// </summary>
    public IList<string> SigningKeys { get; } = [];

    /// <summary>
    /// The keys that encrypt stored and queued secrets (webhooks' tokens and credentials, callers' access tokens): 32 bytes in base64 each,
    /// or <c>file:</c> and the path of such a text. The first key encrypts; all decrypt. Add a new key after the old one,
    /// and put it first once every instance has it.
    /// </summary>
    public IList<string> EncryptionKeys { get; } = [];

    /// <summary>Returns the faults of the settings; each names the setting, the value found (never a key) and the remedy.</summary>
    public IEnumerable<string> Validate() =>
    [
        .. IdentitySchemes.Faults(this),
        .. TokenExchange.Faults(ForwardAccessToken),
        .. KeySettings.Faults(nameof(SigningKeys), SigningKeys, SigningKey.Read),
        .. KeySettings.Faults(nameof(EncryptionKeys), EncryptionKeys, EncryptionKey.Read),
    ];
}

/// <summary>OpenID Connect providers: the section <c>A2A:Security:Oidc</c>.</summary>
public sealed class OidcOptions
{
    /// <summary>The providers.</summary>
    public IList<OidcIssuerOptions> Issuers { get; } = [];

    /// <summary>The claim that names the caller. Default: <c>sub</c>.</summary>
    public string CallerClaim { get; set; } = "sub";

    /// <summary>By how much the clocks of a provider and of this machine may differ.</summary>
    internal TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The shortest time between two fetches of a provider's keys, when a token names an unknown key.</summary>
    internal TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>One OpenID Connect provider.</summary>
public sealed class OidcIssuerOptions
{
    /// <summary>The <c>iss</c> of its tokens, compared exactly.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The accepted values of its tokens' <c>aud</c>; at least one.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>
    /// The address of its keys (a JSON Web Key Set). Default: the one in its discovery document (<c>/.well-known/openid-configuration</c>).
    /// </summary>
    public string? KeySetUrl { get; set; }
}

/// <summary>
/// Google's opaque access tokens, as Gemini Enterprise sends them for a user: the section <c>A2A:Security:GoogleAccessToken</c>.
/// </summary>
public sealed class GoogleAccessTokenOptions
{
    /// <summary>The OAuth client ids (<c>aud</c>) whose tokens are accepted; at least one.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>The endpoint that verifies a token.</summary>
    internal string TokenInfoUrl { get; set; } = "https://oauth2.googleapis.com/tokeninfo";
}

/// <summary>API keys, stored only as hashes: the section <c>A2A:Security:ApiKeys</c>.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>The request header that carries a key. Default: <c>X-API-Key</c>.</summary>
    public string Header { get; set; } = "X-API-Key";

    /// <summary>
    /// The accepted keys: the SHA-256 of each in hexadecimal digits, preceded by <c>name=</c> for a named caller. Several keys may have the
    /// same name, so a caller can receive a new key before the old one is removed.
    /// </summary>
    public IList<string> Hashes { get; } = [];
}
