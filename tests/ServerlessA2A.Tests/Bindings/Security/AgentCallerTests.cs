using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security.Authentication;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Tests.Security.Authentication;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>What the agent is told of who calls, by each identity and each wire.</summary>
public sealed class AgentCallerTests
{
    private static readonly string Expiry = $"{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}";

    private static readonly TestToken Token = TestToken.Good.With("exp", Expiry).With("roles", """["admin"]""");

    private static readonly string ClaimsOfToken =
        $$"""{"iss":"{{TestToken.Issuer}}","aud":"{{TestToken.Audience}}","sub":"alice","exp":{{Expiry}},"roles":["admin"]}""";

    private static readonly string GoogleSays = $$"""{"aud":"client","sub":"107","exp":"{{Expiry}}","email":"a@example.com"}""";

    private static readonly (string, string)[] Google =
        [("Security:Identity:0", "google-access-token"), ("Security:GoogleAccessToken:Audiences:0", "client"),
            ("Security:GoogleAccessToken:TokenInfoUrl", "https://google.example/")];

    public static TheoryData<string> WireNames => [.. Wires.Names];

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AnAnonymousCallerHasNoName(string wire) =>
        Assert.Equal("""{"name":"","tenant":"","scheme":"none","claims":null}""", await AskAsync(wire, []));

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AnAPIKeyGivesItsNameAndNoClaims(string wire) => Assert.Equal(
        """{"name":"alice","tenant":"","scheme":"api-key","claims":null}""", await AskAsync(wire, KnownCallers.Settings, ("X-API-Key", KnownCallers.KeyOf("alice"))));

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AnIDTokenThatCloudRunHasCheckedGivesItsClaims(string wire) => Assert.Equal(
        Told("alice", "iam", ClaimsOfToken),
        await AskAsync(wire, [("Security:Identity:0", "iam")], ("Authorization", $"Bearer {Token}")));

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ATokenOfOpenIDConnectGivesItsClaims(string wire) => Assert.Equal(
        Told("alice", "oidc", ClaimsOfToken),
        await AskAsync(wire, [.. KnownCallers.Settings, .. KnownCallers.OidcSettings], ("Authorization", $"Bearer {Token}")));

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AnAccessTokenGivesWhatGoogleSaysOfIt(string wire) => Assert.Equal(
        Told("107", "google-access-token", GoogleSays),
        await AskAsync(wire, Google, ("Authorization", "Bearer ya29.secret")));

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task CallersOfOneNameHaveIdsOfTheirOwn(string wire)
    {
        await using var host = await StartAsync([.. KnownCallers.Settings, .. KnownCallers.OidcSettings]);
        var key = await AskAsync(host, wire, new SendOptions(), ("X-API-Key", KnownCallers.KeyOf("alice")), verb: "callerId");
        var token = await AskAsync(host, wire, new SendOptions(), ("Authorization", $"Bearer {Token}"), verb: "callerId");

        Assert.Equal(("7:api-key:alice", $"{TestToken.Issuer.Length}:{TestToken.Issuer}:alice"), (key, token));
    }

    [Fact]
    public async Task ATenantIsTold() => Assert.Equal(
        """{"name":"alice","tenant":"acme","scheme":"api-key","claims":null}""",
        await AskAsync("HTTP+JSON 1.0", KnownCallers.Settings, new SendOptions { Tenant = "acme" },
        ("X-API-Key", KnownCallers.KeyOf("alice"))));

    [Fact]
    public async Task ClaimsThatAreTooLargeAreCutAndTheLogSaysSo()
    {
        var fat = Token.With("fat", $"\"{new string('x', CallerClaims.MaxClaims)}\"");
        await using var host = await StartAsync([("Security:Identity:0", "iam")]);
        var told = JsonElement.Parse(await AskAsync(host, "JSON-RPC 1.0", new SendOptions(), ("Authorization", $"Bearer {fat}")));

        Assert.Equal(["sub", "iss", "aud", "roles"], told.GetProperty("claims").EnumerateObject().Select(claim => claim.Name));
        var logged = Assert.Single(host.Log.SecurityEvents);
        Assert.Equal(4007, logged.Id.Id);
        Assert.DoesNotContain("xxx", logged.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ExtensionsThatTheClientActivatesAreToldWithTheirParameters(string wireName)
    {
        await using var host = await StartAsync(
        [
            ("Agent:Extensions:0:Uri", "https://x.example/one"), ("Agent:Extensions:0:Params", """{"a": [1.50]}"""),
            ("Agent:Extensions:1:Uri", "https://x.example/two"), ("Agent:Extensions:2:Uri", "https://x.example/three"),
        ]);

        Assert.Equal("""[{"uri":"https://x.example/one","params":{"a": [1.50]}},{"uri":"https://x.example/three","params":null}]""",
            await AskAsync(host, wireName, new SendOptions(),
            ("A2A-Extensions", "https://x.example/three, https://x.example/unknown, https://x.example/one"), verb: "extensions"));
        Assert.Equal("[]", await AskAsync(host, wireName, new SendOptions(), ("X-Other", "x"), verb: "extensions"));
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ASkillThatRequiresScopesIsForTokensThatHaveThem(string wireName)
    {
        (string, string)[] skill =
        [
            ("Agent:Skills:0:Id", "pay"), ("Agent:Skills:0:Name", "Pay"), ("Agent:Skills:0:RequiredScopes:0", "payments"),
        ];
        await using var host = await StartAsync([.. KnownCallers.Settings, .. KnownCallers.OidcSettings, .. skill]);
        var wire = Wires.Of(wireName, host.Client);

        var without = await wire.AskAsync(Asking(Token.With("scope", "\"openid\"")));
        var with = await AskAsync(
            host, wireName, new SendOptions(), ("Authorization", $"Bearer {Token.With("scope", "\"openid payments\"")}"), "skills");

        Assert.Equal("PERMISSION_DENIED", without.Reason);
        Assert.Equal("pay", with);

        HttpRequestMessage Asking(TestToken token) =>
            wire.SendRequest("skills:", new SendOptions()).With("Authorization", $"Bearer {token}");
    }

    [Fact]
    public async Task AnIdentityWithoutScopesCannotHaveSkillsThatRequireThem()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(
        [
            .. KnownCallers.Settings, ("Agent:Skills:0:Id", "pay"), ("Agent:Skills:0:Name", "Pay"),
            ("Agent:Skills:0:RequiredScopes:0", "payments"),
        ]));
        Assert.Contains("A2A:Agent:Skills:0:RequiredScopes:0", fault.Message, StringComparison.Ordinal);
        Assert.Contains("oidc, google-access-token and application", fault.Message, StringComparison.Ordinal);
    }

    private static string Told(string name, string scheme, string claims) => $$"""{"name":"{{name}}","tenant":"","scheme":"{{scheme}}","claims":""" + claims + "}";

    private static Task<string> AskAsync(string wire, (string, string)[] settings, params (string, string)[] header) =>
        AskAsync(wire, settings, new SendOptions(), header);

    private static async Task<string> AskAsync(
        string wire, (string, string)[] settings, SendOptions options, params (string, string)[] header)
    {
        await using var host = await StartAsync(settings);
        return await AskAsync(host, wire, options, header.FirstOrDefault(("X-Other", "x")));
    }

    private static async Task<string> AskAsync(
        AgentHost host, string wireName, SendOptions options, (string Name, string Value) header, string verb = "caller")
    {
        var wire = Wires.Of(wireName, host.Client);
        var reply = await wire.AskAsync(wire.SendRequest($"{verb}:", options).With(header.Name, header.Value));
        var part = wire.TaskOf(reply.Result).GetProperty("artifacts")[0].GetProperty("parts")[0];
        return part.GetProperty("text").GetString()!;
    }

    private static Task<AgentHost> StartAsync((string, string)[] settings)
    {
        var provider = new TestProvider
        {
            Answer = (address, _, _) => Task.FromResult(address switch
            {
                "https://google.example/" => (200, GoogleSays),
                OidcSetup.Discovery => (200, $$"""{"issuer":"{{TestToken.Issuer}}","jwks_uri":"{{OidcSetup.KeySet}}"}"""),
                _ => (200, $$"""{"keys":[{{OidcSetup.Public(TestKeys.Jwk(TestKeys.Ec, ("kid", "ec")))}}]}"""),
            }),
        };
        return AgentHost.StartAsync(services => services.AddSingleton(provider.Client(TimeProvider.System)), settings);
    }
}
