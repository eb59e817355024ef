using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Authentication;

/// <summary>An authenticator for OpenID Connect beside its provider, with an elliptic key <c>ec</c> and an RSA key <c>rsa</c>.</summary>
internal sealed class OidcSetup : IDisposable
{
    public const string Discovery = TestToken.Issuer + ".well-known/openid-configuration";
    public const string KeySet = "https://keys.example.com/set";

    private readonly IdentityProviderClient _client;

    public OidcSetup(Action<OidcOptions>? configure = null)
    {
        var options = new SecurityOptions();
        var issuer = new OidcIssuerOptions { Issuer = TestToken.Issuer };
        issuer.Audiences.Add("another");
        issuer.Audiences.Add(TestToken.Audience);
        options.Oidc.Issuers.Add(issuer);
        configure?.Invoke(options.Oidc);
        Provider.Answer = (address, _, _) => Task.FromResult(address switch
        {
            _ when IsDown => (503, ""),
            Discovery => (200, DiscoveryDocument),
            KeySet => (200, $$"""{"keys":[{{string.Join(',', Keys)}}]}"""),
            _ => (404, ""),
        });
        _client = Provider.Client(Time);
        Authenticator = new OidcAuthenticator(Options.Create(options), _client, Time);
    }

    public ManualTimeProvider Time { get; } = new();

    public TestProvider Provider { get; } = new();

    public OidcAuthenticator Authenticator { get; }

    public bool IsDown { get; set; }

    public string DiscoveryDocument { get; set; } = $$"""{"issuer":"{{TestToken.Issuer}}","jwks_uri":"{{KeySet}}","claims_supported":["sub"]}""";

    public List<string> Keys { get; } = [Public(TestKeys.Jwk(TestKeys.Ec, ("kid", "ec"))),
        Public(TestKeys.Jwk(TestKeys.Rsa, ("kid", "rsa"), ("alg", "RS256"), ("use", "sig")))];

    /// <summary>How often the keys were fetched.</summary>
    public int Fetches => Provider.Asked.Count(asked => asked.Address == KeySet);

    public Task<Identity?> AskAsync(TestToken token) => Authenticator.AskAsync(TestRequest.Bearer($"{token}"));

    public Task<string> RefusalAsync(TestToken token) => Authenticator.RefusalAsync(TestRequest.Bearer($"{token}"));

    public void Dispose()
    {
        Authenticator.Dispose();
        _client.Dispose();
    }

    /// <summary>The public half of a JWK.</summary>
    public static string Public(string jwk)
    {
        var members = JsonNode.Parse(jwk)!.AsObject();
        foreach (var name in (string[])["d", "p", "q", "dp", "dq", "qi"])
            members.Remove(name);
        return members.ToJsonString();
    }

    /// <summary>A JWK of a key that was made for a test.</summary>
    public static string Public(ECDsa key, string id) => Public(TestKeys.Jwk(key, ("kid", id)));
}
