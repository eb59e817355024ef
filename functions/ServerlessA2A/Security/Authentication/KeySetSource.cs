using System.Net;
using Microsoft.IdentityModel.Tokens;

namespace ServerlessA2A.Security.Authentication;

/// <summary>Fetches a provider's keys.</summary>
internal sealed class KeySetSource(OidcIssuerOptions issuer, IdentityProviderClient client)
{
    private const string Discovery = "/.well-known/openid-configuration";
    private const int MinRsaBits = 2048;

    /// <summary>Fetches the keys. Keys for other algorithms than ours are skipped (RFC 7517, section 5).</summary>
    /// <exception cref="IdentityProviderException">The keys cannot be fetched.</exception>
    public async Task<IReadOnlyList<JsonWebKey>> FetchAsync(CancellationToken cancellationToken)
    {
        var address = issuer.KeySetUrl is { Length: > 0 } url ? url : await DiscoverAsync(cancellationToken);
        var keys = (await GetAsync(address, cancellationToken)).List("keys") ??
            throw new IdentityProviderException($"{address} returned something other than a key set.");
        return [.. keys.Select(Read).OfType<JsonWebKey>()];
    }

    /// <summary>OpenID Connect Discovery 1.0, section 4.</summary>
    private async Task<string> DiscoverAsync(CancellationToken cancellationToken)
    {
        var address = issuer.Issuer.TrimEnd('/') + Discovery;
        var document = await GetAsync(address, cancellationToken);
        if (document.Text("issuer") != issuer.Issuer)
            throw new IdentityProviderException($"{address} is the document of another issuer.");
        return document.Text("jwks_uri") is { } keys && IdentitySchemes.IsUrl(keys)
            ? keys
            : throw new IdentityProviderException($"{address} has no jwks_uri that is an absolute https address.");
    }

    private async Task<JsonMembers> GetAsync(string address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return (await client.AskAsync(request, cancellationToken)).Json(HttpStatusCode.OK);
    }

    /// <summary>Reads a public key for ES256 or RS256; null for all others, in particular secret ones.</summary>
    private static JsonWebKey? Read(JsonMembers jwk)
    {
        var algorithm = (jwk.Text("kty"), jwk.Text("crv")) switch
        {
            ("EC", "P-256") => SecurityAlgorithms.EcdsaSha256,
            ("RSA", _) => SecurityAlgorithms.RsaSha256,
            _ => null,
        };
        if (algorithm is null || (jwk.Text("alg") ?? algorithm) != algorithm || (jwk.Text("use") ?? "sig") != "sig")
            return null;
        try
        {
            var key = new JsonWebKey(jwk.ToString());
            return key.Kty == "EC" || key.KeySize >= MinRsaBits ? key : null;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            // A damaged key must not make the others unusable.
            return null;
        }
    }
}
