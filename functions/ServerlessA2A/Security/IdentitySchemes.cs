using System.Text;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Security;

/// <summary>The schemes' names in the configuration, and the settings that each scheme requires.</summary>
internal static class IdentitySchemes
{
    /// <summary>In the order of <see cref="IdentityScheme"/>.</summary>
    private static readonly string[] Names = ["none", "iam", "oidc", "google-access-token", "api-key", "application"];

    /// <summary>The scheme's name in the configuration.</summary>
    public static string NameOf(IdentityScheme scheme) => Names[(int)scheme];

    /// <summary>Whether a scheme is configured. Default: only <see cref="IdentityScheme.None"/>.</summary>
    /// <remarks>Nothing here is generic over the enumeration, because each cold start would compile that anew.</remarks>
    public static bool Has(SecurityOptions options, IdentityScheme scheme) => options.Identity.Count == 0
        ? scheme == IdentityScheme.None
        : options.Identity.Contains(Names[(int)scheme], StringComparer.OrdinalIgnoreCase);

    /// <summary>Validates the settings of identities.</summary>
    public static IEnumerable<string> Faults(SecurityOptions options)
    {
        for (var i = 0; i < options.Identity.Count; i++)
        {
            if (!Names.Contains(options.Identity[i], StringComparer.OrdinalIgnoreCase))
                yield return Fault($"Identity:{i}", options.Identity[i], $"set one of {string.Join(", ", Names)}.");
        }

        foreach (var fault in options.AllowedCallers.Count > 0 ? FaultsOf(options.AllowedCallers, AuthoritiesOf(options)) : [])
            yield return fault;
        foreach (var fault in Has(options, IdentityScheme.Oidc) ? FaultsOf(options.Oidc) : [])
            yield return fault;
        foreach (var fault in Has(options, IdentityScheme.GoogleAccessToken) ? FaultsOf(options.GoogleAccessToken) : [])
            yield return fault;
        foreach (var fault in Has(options, IdentityScheme.ApiKey) ? FaultsOf(options.ApiKeys) : [])
            yield return fault;
        if (options.ForwardAccessToken && !Has(options, IdentityScheme.Oidc) && !Has(options, IdentityScheme.GoogleAccessToken))
            yield return Fault(
                "ForwardAccessToken", "true",
                "only the identities oidc and google-access-token have access tokens: set one of them, or false.");
    }

    /// <summary>
    /// The authorities that can vouch for callers (<see cref="Identity.Authority"/>): schemes by name, OpenID Connect providers by issuer.
    /// </summary>
    private static List<string> AuthoritiesOf(SecurityOptions options)
    {
        var authorities = new List<string>();
        for (var scheme = IdentityScheme.Iam; (int)scheme < Names.Length; scheme++)
        {
            if (scheme == IdentityScheme.Oidc && Has(options, scheme))
                authorities.AddRange(options.Oidc.Issuers.Select(issuer => issuer.Issuer));
            else if (Has(options, scheme))
                authorities.Add(Names[(int)scheme]);
        }

        return authorities;
    }

    private static IEnumerable<string> FaultsOf(IList<string> allowed, List<string> authorities)
    {
        for (var i = 0; i < allowed.Count; i++)
        {
            if (AllowedCallers.FaultOf(allowed[i], authorities) is { } remedy)
                yield return Fault($"AllowedCallers:{i}", allowed[i], remedy);
        }
    }

    private static IEnumerable<string> FaultsOf(OidcOptions oidc)
    {
        if (oidc.Issuers.Count == 0)
            yield return Fault("Oidc:Issuers:0:Issuer", "", "the identity oidc needs a provider: set the iss of its tokens.");
        for (var i = 0; i < oidc.Issuers.Count; i++)
        {
            var (issuer, section) = (oidc.Issuers[i], $"Oidc:Issuers:{i}");
            if (issuer.Issuer.Length == 0 || (string.IsNullOrEmpty(issuer.KeySetUrl) && !IsUrl(issuer.Issuer)))
                yield return Fault($"{section}:Issuer", issuer.Issuer, "set an absolute https address, or KeySetUrl beside it.");
            if (Encoding.UTF8.GetByteCount(issuer.Issuer) > Identity.MaxAuthority)
                yield return Fault(
                    $"{section}:Issuer", issuer.Issuer,
                    $"it is part of each caller's name: set one of at most {Identity.MaxAuthority} bytes.");
            if (oidc.Issuers.Take(i).Any(other => other.Issuer == issuer.Issuer))
                yield return Fault(
                    $"{section}:Issuer", issuer.Issuer, "it is listed twice: set each provider once, with all its audiences.");
            if (!string.IsNullOrEmpty(issuer.KeySetUrl) && !IsUrl(issuer.KeySetUrl))
                yield return Fault($"{section}:KeySetUrl", issuer.KeySetUrl, "set an absolute https address.");
            if (!issuer.Audiences.Any(audience => audience.Length > 0))
                yield return Fault(
                    $"{section}:Audiences:0", "",
                    "without an audience, tokens issued for other applications would be accepted: set the aud of this agent's tokens.");
        }

        if (string.IsNullOrWhiteSpace(oidc.CallerClaim))
            yield return Fault("Oidc:CallerClaim", oidc.CallerClaim, "set the name of a claim, such as sub.");
    }

    private static IEnumerable<string> FaultsOf(GoogleAccessTokenOptions google)
    {
        if (!google.Audiences.Any(audience => audience.Length > 0))
            yield return Fault(
                "GoogleAccessToken:Audiences:0", "",
                "without an audience, tokens issued for other applications would be accepted: set the id of the OAuth client.");
    }

    private static IEnumerable<string> FaultsOf(ApiKeyOptions keys)
    {
        if (keys.Header.Length == 0 || !keys.Header.All(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '_'))
            yield return Fault("ApiKeys:Header", keys.Header, "set the name of a header, such as X-API-Key.");
        for (var i = 0; i < keys.Hashes.Count; i++)
        {
            // Without the value: it may be the key itself.
            var setting = SettingFault.Name($"A2A:Security:ApiKeys:Hashes:{i}");
            if (ApiKeyHash.Parse(keys.Hashes[i]) is not { } hash)
                yield return $"{setting} is not a SHA-256: set 64 hexadecimal digits, preceded by name= for a named caller.";
            else if (Encoding.UTF8.GetByteCount(hash.Caller) > Identity.MaxName)
                yield return $"{setting} is of a caller whose name is too long: set one of at most {Identity.MaxName} bytes.";
            else if (hash.IsOfNothing)
                yield return $"{setting} is the SHA-256 of the empty text, perhaps of a variable that was not set: hash the key.";
        }
    }

    /// <summary>http is allowed only for loopback addresses, which tests and emulators use.</summary>
    internal static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) &&
        (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    private static string Fault(string setting, string value, string remedy) =>
        SettingFault.Of($"A2A:Security:{setting}", value, remedy);
}
