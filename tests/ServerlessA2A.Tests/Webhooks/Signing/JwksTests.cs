using System.Net;
using ServerlessA2A.Bindings.Cards;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Security;

namespace ServerlessA2A.Tests.Webhooks.Signing;

/// <summary>The keys that receivers verify signatures with: where they are, what they hold, and how long they may be kept.</summary>
public sealed class JwksTests
{
    private const string Path = "/.well-known/jwks.json";

    private static readonly (string, string)[] Keys =
    [
        ("Security:SigningKeys:0", TestKeys.Ec.ExportPkcs8PrivateKeyPem()),
        ("Security:SigningKeys:1", TestKeys.Jwk(TestKeys.Rsa, ("kid", "old"))),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheSetIsServedByTheCardsEndpointAndWithoutOneByTheAgents(bool cardOnly)
    {
        await using var host = await StartAsync(cardOnly, Keys);

        var (response, body) = await host.Client.ExchangeAsync("GET", Path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/jwk-set+json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        var keys = body.Json().GetProperty("keys");
        Assert.Equal(["ES256", "RS256"], keys.EnumerateArray().Select(key => key.GetProperty("alg").GetString()));
        Assert.Equal("old", keys[1].GetProperty("kid").GetString());
    }

    [Fact]
    public async Task AKeyHasItsPublicMembersAndNoOthers()
    {
        await using var host = await StartAsync(cardOnly: true, Keys);

        var (_, body) = await host.Client.ExchangeAsync("GET", Path);

        var keys = body.Json().GetProperty("keys");
        Assert.Equal(["crv", "kty", "x", "y", "use", "alg", "kid"], keys[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(["e", "kty", "n", "use", "alg", "kid"], keys[1].EnumerateObject().Select(member => member.Name));
        Assert.All(keys.EnumerateArray(), key => Assert.Equal("sig", key.GetProperty("use").GetString()));
    }

    [Fact]
    public async Task WithoutKeysTheSetIsEmpty()
    {
        await using var host = await StartAsync(cardOnly: true);

        var (response, body) = await host.Client.ExchangeAsync("GET", Path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"keys":[]}""", body);
    }

    [Fact]
    public async Task TheSetMayBeKeptAsTheCardAndIsNotSentAgain()
    {
        await using var host = await StartAsync(cardOnly: true, [.. Keys, ("Http:CardMaxAge", "00:10:00")]);
        var (first, _) = await host.Client.ExchangeAsync("GET", Path);
        var (card, _) = await host.Client.ExchangeAsync("GET", "/");

        var (again, body) = await host.Client.ExchangeAsync(RawHttp.Request("GET", Path).With("If-None-Match", $"{first.Headers.ETag}"));

        Assert.Equal("public, max-age=600", first.Headers.CacheControl?.ToString());
        Assert.NotEqual(card.Headers.ETag, first.Headers.ETag);
        Assert.Empty(first.Headers.Vary);
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.StatusCode, body));
    }

    [Fact]
    public async Task OtherKeysHaveAnotherTag()
    {
        await using var one = await StartAsync(cardOnly: true, Keys);
        await using var other = await StartAsync(cardOnly: true, Keys[1]);

        Assert.NotEqual(
            (await one.Client.ExchangeAsync("GET", Path)).Response.Headers.ETag,
            (await other.Client.ExchangeAsync("GET", Path)).Response.Headers.ETag);
    }

    [Fact]
    public async Task ItIsReadOnly()
    {
        await using var host = await StartAsync(cardOnly: false, Keys);

        var (post, _) = await host.Client.ExchangeAsync("POST", Path, "{}");
        var (head, nothing) = await host.Client.ExchangeAsync("HEAD", Path);
        var (options, _) = await host.Client.ExchangeAsync("OPTIONS", Path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, nothing));
        Assert.Equal(HttpStatusCode.NoContent, options.StatusCode);
    }

    /// <summary>A card's address may be that of its function, or that of the card itself.</summary>
    [Theory]
    [InlineData("https://card.example", "https://card.example/.well-known/jwks.json")]
    [InlineData("https://card.example/", "https://card.example/.well-known/jwks.json")]
    [InlineData("https://region.example/agent-card", "https://region.example/agent-card/.well-known/jwks.json")]
    [InlineData("https://card.example/.well-known/agent-card.json", "https://card.example/.well-known/jwks.json")]
    [InlineData("https://card.example/a/.well-known/agent.json?v=1", "https://card.example/a/.well-known/jwks.json")]
    public async Task TheAgentsEndpointLeadsToTheFunctionOfTheCard(string cardUrl, string keysUrl)
    {
        await using var host = await StartAsync(cardOnly: false, ("Agent:CardUrl", cardUrl));

        var (response, _) = await host.Client.ExchangeAsync("GET", Path);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal(keysUrl, response.Headers.Location?.OriginalString);
        Assert.Equal(keysUrl, WellKnownPath.KeySetBeside(cardUrl));
    }

    private static Task<AgentHost> StartAsync(bool cardOnly, params (string Name, string Value)[] settings) =>
        AgentHost.StartAsync(_ => { }, cardOnly, inProcess: false, settings);
}
