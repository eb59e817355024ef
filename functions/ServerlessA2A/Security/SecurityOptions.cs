using ServerlessA2A.Security.Keys;

namespace ServerlessA2A.Security;

/// <summary>Who may call, and the keys that prove and protect: the section <c>A2A:Security</c>.</summary>
public sealed class SecurityOptions
{
    /// <summary>
    /// How callers say who they are, any number of: <c>iam</c> (Cloud Run has checked the ID token), <c>oidc</c>, <c>google-access-token</c>,
    /// <c>api-key</c>, <c>application</c> (the ASP.NET Core application that serves the agent has authenticated them), and <c>none</c> for callers that stay anonymous. <c>none</c> unless set, which is for local runs: on Cloud Run it has to be said.
    /// </summary>
    public IList<string> Identity { get; } = [];

    /// <summary>
    /// The callers that are let in, by name (<c>sub</c>, key's name) or verified e-mail address; <c>*@example.com</c> for all of a domain. In front may
    /// stand who vouches for that (<c>iam</c>, <c>google-access-token</c>, <c>api-key</c>, or the issuer) and one space: <c>api-key alice</c>. Where
    /// several can, it has to before a name. Any that are identified unless set.
    /// </summary>
    public IList<string> AllowedCallers { get; } = [];

    /// <summary>Whose ID and access tokens are taken, where <see cref="Identity"/> has <c>oidc</c>.</summary>
    public OidcOptions Oidc { get; } = new();

    /// <summary>Whose access tokens are taken, where <see cref="Identity"/> has <c>google-access-token</c>.</summary>
    public GoogleAccessTokenOptions GoogleAccessToken { get; } = new();

    /// <summary>Which keys are taken, where <see cref="Identity"/> has <c>api-key</c>.</summary>
    public ApiKeyOptions ApiKeys { get; } = new();

    /// <summary>Whether the agent and its tools get the caller's access token for the length of the run. Off unless set.</summary>
    public bool ForwardAccessToken { get; set; }

    /// <summary>
    /// The keys that cards and webhooks are signed with, for ES256 (P-256) or RS256 (RSA of 2048 bits and more): PEM, JWK, or <c>file:</c> and the
    /// path of either, which is how a secret is mounted. The first one signs; all are published, so that a new one can be put in front of the old.
    /// </summary>
    public IList<string> SigningKeys { get; } = [];

    /// <summary>
    /// The keys that secrets are encrypted with where they are stored or sent (webhooks' tokens and credentials, callers' access tokens): 32 bytes in
    /// base64 each, or <c>file:</c> and the path of such a text. The first one encrypts; all decrypt, so that a new one can be put in front of the old.
    /// </summary>
    public IList<string> EncryptionKeys { get; } = [];

    /// <summary>What is wrong with the settings: each message names the setting, the value found (but never a key) and what to do.</summary>
    public IEnumerable<string> Validate() =>
    [
        .. IdentitySchemes.Faults(this),
        .. KeySettings.Faults(nameof(SigningKeys), SigningKeys, SigningKey.Read),
        .. KeySettings.Faults(nameof(EncryptionKeys), EncryptionKeys, EncryptionKey.Read),
    ];
}

/// <summary>OpenID Connect providers: the section <c>A2A:Security:Oidc</c>.</summary>
public sealed class OidcOptions
{
    /// <summary>The providers.</summary>
    public IList<OidcIssuerOptions> Issuers { get; } = [];

    /// <summary>The claim that names the caller. <c>sub</c> unless set.</summary>
    public string CallerClaim { get; set; } = "sub";

    /// <summary>By how much the clocks of a provider and of this machine may differ. 1 minute unless set; 0 to 10 minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How soon a provider's keys are fetched again at the earliest, when a token names a key that is not known. 5 minutes unless set; 1 second to 1 day.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>One OpenID Connect provider.</summary>
public sealed class OidcIssuerOptions
{
    /// <summary>The <c>iss</c> of its tokens, letter for letter.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The <c>aud</c> that its tokens may have; one at least.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>Where its keys are (a JSON Web Key Set). Unless set, where its discovery document at <c>/.well-known/openid-configuration</c> says.</summary>
    public string? KeySetUrl { get; set; }
}

/// <summary>Google's opaque access tokens, as Gemini Enterprise sends them for a user: the section <c>A2A:Security:GoogleAccessToken</c>.</summary>
public sealed class GoogleAccessTokenOptions
{
    /// <summary>The OAuth client ids (<c>aud</c>) whose tokens are taken; one at least.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>The address that tells about a token. Google's unless set.</summary>
    public string TokenInfoUrl { get; set; } = "https://oauth2.googleapis.com/tokeninfo";
}

/// <summary>API keys, of which only hashes are kept: the section <c>A2A:Security:ApiKeys</c>.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>The request header that a key comes in. <c>X-API-Key</c> unless set.</summary>
    public string Header { get; set; } = "X-API-Key";

    /// <summary>
    /// The keys that are taken: the SHA-256 of each in hexadecimal digits, <c>name=</c> and the caller's name before it if it has one. Keys of one name are one caller's,
    /// so that a new key can be given out before the old one ends.
    /// </summary>
    public IList<string> Hashes { get; } = [];
}
