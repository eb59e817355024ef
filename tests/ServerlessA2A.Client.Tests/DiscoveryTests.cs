using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Security;

namespace ServerlessA2A.Client.Tests;

/// <summary>How a card is found and read, and which of its addresses is called.</summary>
public class DiscoveryTests
{
    private const string Card1_0 =
        """{"name":"new","description":"d","version":"1","supportedInterfaces":[{"url":"https://a.example.com/rpc","protocolBinding":"GRPC","protocolVersion":"1.0"},{"url":"https://a.example.com/old","protocolBinding":"JSONRPC","protocolVersion":"0.3"},{"url":"https://a.example.com/rest","protocolBinding":"HTTP+JSON","protocolVersion":"1.0.1","tenant":"t"}],"capabilities":{"streaming":true,"extendedAgentCard":true},"securitySchemes":{"google":{"httpAuthSecurityScheme":{"scheme":"bearer"}},"key":{"apiKeySecurityScheme":{"location":"header","name":"x"}}},"securityRequirements":[{"schemes":{"google":{"list":["a"]}}}],"defaultInputModes":["text/plain"],"defaultOutputModes":["text/plain"],"skills":[{"id":"s","name":"S","description":"does","tags":["x"]}]}""";

    private const string Card0_3 =
        """{"protocolVersion":"0.3.0","name":"old","description":"d","version":"1","url":"https://a.example.com/rpc","preferredTransport":"JSONRPC","additionalInterfaces":[{"url":"https://a.example.com/rpc","transport":"JSONRPC"},{"url":"https://a.example.com/rest","transport":"HTTP+JSON"}],"capabilities":{"streaming":true,"pushNotifications":true},"securitySchemes":{"google":{"type":"oauth2","flows":{"clientCredentials":{"tokenUrl":"https://t","scopes":{"a":"b"}}}}},"security":[{"google":["a"]}],"supportsAuthenticatedExtendedCard":true,"defaultInputModes":["text/plain"],"defaultOutputModes":["text/plain"],"skills":[]}""";

    [Fact]
    public async Task TheNewestVersionThatTheClientKnowsIsChosen()
    {
        using var client = Client(Card1_0);

        var card = await client.GetCardAsync();
        var chosen = await client.GetInterfaceAsync();

        Assert.Equal("https://a.example.com/rest", chosen.Url);
        Assert.Equal("bearer", card.SecuritySchemes!["google"].HttpAuthSecurityScheme!.Scheme);
        Assert.Null(card.SecuritySchemes["google"].ApiKeySecurityScheme);
        Assert.Equal("x", card.SecuritySchemes["key"].ApiKeySecurityScheme!.Name);
        Assert.Equal(["a"], card.SecurityRequirements!.Single().Schemes!["google"].List!);
        Assert.True(card.Capabilities.ExtendedAgentCard);
        Assert.Equal("does", card.Skills.Single().Description);
    }

    [Fact]
    public async Task ACardOf0_3IsRead()
    {
        using var client = Client(Card0_3);

        var card = await client.GetCardAsync();

        Assert.Equal("old", card.Name);
        Assert.Equal(["JSONRPC", "HTTP+JSON"], card.SupportedInterfaces.Select(each => each.ProtocolBinding));
        Assert.All(card.SupportedInterfaces, each => Assert.Equal("0.3.0", each.ProtocolVersion));
        Assert.Equal("https://t", card.SecuritySchemes!["google"].Oauth2SecurityScheme!.Flows.ClientCredentials!.TokenUrl);
        Assert.Equal(["a"], card.SecurityRequirements!.Single().Schemes!["google"].List!);
        Assert.True(card.Capabilities.ExtendedAgentCard);
        Assert.True(card.Capabilities.PushNotifications);
    }

    [Fact]
    public async Task ThisLibrarysOwnCardIsReadInEveryForm()
    {
        await using var host = await AgentHost.StartAsync(("Agent:PublicUrl", "https://a.example.com"));
        var forms = new List<string>();
        foreach (var version in (string?[])["1.0", "0.3", null])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/agent-card.json");
            if (version is not null) request.Headers.Add("A2A-Version", version);
            using var response = await host.Client.SendAsync(request);
            var card = WireFormat.ReadCard(await response.Content.ReadAsByteArrayAsync());
            Assert.NotEmpty(card.SupportedInterfaces);
            forms.Add($"{card.Name} {card.Capabilities} {card.Skills.Count} {string.Join(",", card.DefaultInputModes)}");
        }

        Assert.Single(forms.Distinct());
    }

    [Theory]
    [InlineData("https://a.example.com/agents/x/", "/agents/x/.well-known/agent-card.json")]
    [InlineData("https://a.example.com/agents/x", "/.well-known/agent-card.json")]
    [InlineData("https://a.example.com/agents/x", "/.well-known/agent.json")]
    [InlineData("https://a.example.com", "/.well-known/agent.json")]
    [InlineData("https://a.example.com/cards/x.json", "/cards/x.json")]
    public async Task TheCardIsFound(string address, string path)
    {
        using var network = new StubHandler((request, _) =>
            request.Url.AbsolutePath == path ? StubHandler.Json(Card1_0) : new(HttpStatusCode.NotFound));
        using var client = new A2AClient(new Uri(address), null, new HttpClient(network));

        Assert.Equal("new", (await client.GetCardAsync()).Name);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(301)]
    [InlineData(400)]
    [InlineData(403)]
    public async Task APageInPlaceOfACardHidesNoOtherCard(int status)
    {
        using var network = new StubHandler((request, _) => request.Url.AbsolutePath == "/.well-known/agent-card.json"
            ? StubHandler.Json(Card1_0) : StubHandler.Json("<html>", (HttpStatusCode)status));
        using var client = new A2AClient(new Uri("https://a.example.com/agents/x"), null, new HttpClient(network));

        Assert.Equal("new", (await client.GetCardAsync()).Name);
    }

    [Fact]
    public async Task TheFirstFaultIsToldWhereNoPlaceHasACard()
    {
        using var network = new StubHandler((_, count) => new(count == 1 ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound));
        using var client = new A2AClient(new Uri("https://a.example.com/x"), null, new HttpClient(network));

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetCardAsync());

        Assert.Equal(A2AError.PermissionDenied, thrown.Error);
    }

    [Fact]
    public void ACardThatIsGivenCannotBeVerified()
    {
        var options = new A2AClientOptions { TrustedKeys = """{"keys":[]}"""u8.ToArray() };

        Assert.Throws<ArgumentException>(() => new A2AClient(Wire.Card("https://a.example.com"), options));
    }

    [Fact]
    public async Task AMissingCardIsAnErrorThatNamesThePlaces()
    {
        using var network = new StubHandler((_, _) => new(HttpStatusCode.NotFound));
        using var client = new A2AClient(new Uri("https://a.example.com/x"), null, new HttpClient(network));

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetCardAsync());

        Assert.Contains("https://a.example.com/x/.well-known/agent-card.json", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(404, thrown.HttpStatus);
    }

    [Theory]
    [InlineData("""{"name":"a","supportedInterfaces":[{"url":"https://a.example.com","protocolBinding":"GRPC","protocolVersion":"1.0"}]}""")]
    [InlineData("""{"name":"a","supportedInterfaces":[{"url":"https://a.example.com","protocolBinding":"JSONRPC","protocolVersion":"2.0"}]}""")]
    [InlineData("""{"name":"a"}""")]
    public async Task ACardWithoutAKnownAddressIsAnError(string card)
    {
        using var client = Client(card);

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(A2AError.VersionNotSupported, thrown.Error);
    }

    [Theory]
    [InlineData("""{"name":"a","supportedInterfaces":[null]}""")]
    [InlineData("""{"name":"a","url":"https://a.example.com","additionalInterfaces":[null]}""")]
    [InlineData("""{"name":"a","url":"https://a.example.com","security":[null]}""")]
    [InlineData("""{"name":"a","url":"https://a.example.com","skills":[null]}""")]
    public async Task ACardWithNullInAListIsAnError(string card)
    {
        using var client = Client(card);

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(A2AError.InvalidAgentResponse, thrown.Error);
        Assert.Contains("must not be null", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "message":{"messageId":"m","role":"ROLE_AGENT"}""", true)]
    [InlineData(""" "message":{"messageId":"m","role":"ROLE_AGENT","parts":[null]}""", false)]
    [InlineData(""" "timestamp":"2026-11-30T10:00:00Z"},"artifacts":[null],"metadata":{""", false)]
    public async Task AMessageMayLackItsEmptyPartsButNoItemOfAListMayBeNull(string status, bool isRead)
    {
        using var network = new StubHandler((_, _) => StubHandler.Result(
            $$$"""{"id":"t","status":{"state":"TASK_STATE_WORKING",{{{status}}}}}"""));
        using var client = network.Client();

        if (isRead)
            Assert.Empty((await client.GetTaskAsync("t")).Status.Message!.Parts);
        else
            await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));
    }

    [Fact]
    public async Task ACardMayNotLeadAwayFromHttps()
    {
        using var client = Client(Card1_0.Replace("https://a.example.com/rest", "http://a.example.com/rest", StringComparison.Ordinal));

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetInterfaceAsync());

        Assert.Equal(A2AError.InvalidAgentResponse, thrown.Error);
    }

    [Fact]
    public async Task ASignedCardIsVerified()
    {
        using var client = Client(Card1_0, new() { TrustedKeys = """{"keys":[]}"""u8.ToArray() });

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetCardAsync());

        Assert.Contains("not signed", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACardOfOurServerIsVerifiedWithItsKeysOnly()
    {
        await using var host = await AgentHost.StartAsync(("Security:SigningKeys:0", TestKeys.Jwk(TestKeys.Ec)));
        var keys = await host.Client.GetByteArrayAsync(new Uri("/.well-known/jwks.json", UriKind.Relative));
        using var trusting = new A2AClient(host.Address!, new() { TrustedKeys = keys });
        await using var other = await AgentHost.StartAsync(("Security:SigningKeys:0", TestKeys.Jwk(TestKeys.OtherEc)));
        using var deceived = new A2AClient(other.Address!, new() { TrustedKeys = keys });
        using var between = new HttpClient(new ChangingHandler("\"description\":\"", "\"description\":\"New: "));
        using var changed = new A2AClient(host.Address!, new() { TrustedKeys = keys }, between);

        Assert.NotEmpty((await trusting.GetCardAsync()).Signatures!);
        foreach (var client in (A2AClient[])[deceived, changed])
        {
            var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetCardAsync());
            Assert.Equal(A2AError.InvalidAgentResponse, thrown.Error);
            Assert.Contains("is not trusted", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TheTenantOfTheAddressIsSent()
    {
        using var network = new StubHandler((request, _) => request.Url.AbsolutePath.EndsWith(".json", StringComparison.Ordinal)
            ? StubHandler.Json(Card1_0) : StubHandler.Json("""{"id":"a/b","status":{"state":"TASK_STATE_WORKING"}}"""));
        using var client = new A2AClient(
            new Uri("https://a.example.com"), new() { Extensions = { "https://e.example.com" } }, new HttpClient(network));

        await client.GetTaskAsync("a/b", historyLength: 0);

        Assert.Equal("https://a.example.com/rest/t/tasks/a%2Fb?historyLength=0", network.Requests[^1].Url.AbsoluteUri);
        Assert.Equal("1.0", network.Requests[^1].Headers["A2A-Version"]);
        Assert.Equal("https://e.example.com", network.Requests[^1].Headers["A2A-Extensions"]);
    }

    [Fact]
    public async Task AnotherTenantIsChosenByTheRequestOrTheOptions()
    {
        using var network = new StubHandler((request, _) => request.Url.AbsolutePath.EndsWith(".json", StringComparison.Ordinal)
            ? StubHandler.Json(Card1_0) : StubHandler.Json("""{"id":"t","status":{"state":"TASK_STATE_WORKING"}}"""));
        using var client = new A2AClient(new Uri("https://a.example.com"), new() { Tenant = "mine" }, new HttpClient(network));

        await client.GetTaskAsync("t");
        await client.ListTasksAsync(new() { Tenant = "a b" }).ToListAsync();

        Assert.Equal(
            ["https://a.example.com/rest/mine/tasks/t", "https://a.example.com/rest/a%20b/tasks"],
            network.Requests.Skip(1).Select(each => each.Url.AbsoluteUri));
    }

    [Fact]
    public void OptionsThatAreOutOfRangeAreNamed()
    {
        var uri = new Uri("https://a.example.com");
        (string Name, A2AClientOptions Options)[] wrong =
        [
            ("Timeout", new() { Timeout = TimeSpan.Zero }),
            ("SendTimeout", new() { SendTimeout = TimeSpan.FromSeconds(-5) }),
            ("StreamSilence", new() { StreamSilence = TimeSpan.MaxValue }),
            ("MaxAttempts", new() { MaxAttempts = 0 }),
            ("MaxResponseSize", new() { MaxResponseSize = 0 }),
        ];

        Assert.All(wrong, each =>
        {
            var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => new A2AClient(uri, each.Options));
            Assert.Equal($"A2AClientOptions.{each.Name}", thrown.ParamName);
        });
    }

    [Fact]
    public async Task ClientsComeFromTheServices()
    {
        await using var host = await AgentHost.StartAsync();
        var services = new ServiceCollection();
        services.AddA2AClient(host.Address!);
        services.AddA2AClient("other", host.Address!, options => options.Version = ProtocolVersion.V0_3);
        await using var provider = services.BuildServiceProvider();

        var response = await provider.GetRequiredService<A2AClient>().SendAsync("hello");
        var other = provider.GetRequiredKeyedService<A2AClient>("other");
        var task = await other.GetTaskAsync(response.Task!.Id);

        Assert.Equal(response.Task.Id, task.Id);
        Assert.StartsWith("0.3", (await other.GetInterfaceAsync()).ProtocolVersion, StringComparison.Ordinal);
    }

    [Fact]
    public void CardsOfBothVersionsAreWrittenAndReadAlike()
    {
        var card = WireFormat.ReadCard(System.Text.Encoding.UTF8.GetBytes(Card1_0));
        var bytes = ProtocolJson.Write(card);

        Assert.Equal(JsonElement.Parse(bytes).GetRawText(), JsonElement.Parse(ProtocolJson.Write(WireFormat.ReadCard(bytes))).GetRawText());
    }

    [Fact]
    public async Task TheCardIsFoundWhereTheAgentRedirectsTo()
    {
        await using var other = await AgentHost.StartAsync();
        await using var host = await AgentHost.StartAsync(("Agent:CardUrl", $"{other.Address}.well-known/agent-card.json"));
        using var client = new A2AClient(host.Address!);

        Assert.Equal($"{other.Address}", (await client.GetInterfaceAsync()).Url);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARedirectLeadsNoCredentialsToAnotherHost(bool isNamed)
    {
        using var network = new StubHandler((request, _) => request.Url.Host switch
        {
            _ when !request.Headers.ContainsKey("Authorization") => new(HttpStatusCode.Unauthorized),
            "a.example.com" => Redirect("https://b.example.com/card.json"),
            _ => StubHandler.Json(Card1_0),
        });
        var options = new A2AClientOptions { Credentials = { AgentCredential.Bearer("token") } };
        if (isNamed)
        {
            options.CredentialHosts.Add("a.example.com");
            options.CredentialHosts.Add("b.example.com");
        }

        using var client = new A2AClient(new Uri("https://a.example.com/a.json"), options, new HttpClient(network));

        if (isNamed) Assert.Equal("new", (await client.GetCardAsync()).Name);
        else await Assert.ThrowsAsync<A2AClientException>(() => client.GetCardAsync());
        Assert.Equal(isNamed, network.Requests.Any(each =>
            each.Url.Host == "b.example.com" && each.Headers.ContainsKey("Authorization")));
        Assert.Contains(network.Requests, each => each.Url.Host == "b.example.com");
    }

    [Fact]
    public async Task ACardThatARedirectLedToGivesNoOtherHostTheCredentials()
    {
        using var network = new StubHandler((request, _) => request.Url.Host switch
        {
            "asked.example.com" => Redirect("https://b.example.com/card.json"),
            "b.example.com" => StubHandler.Json(Card1_0),
            _ => StubHandler.Json("""{"id":"t","status":{"state":"TASK_STATE_WORKING"}}"""),
        });
        var options = new A2AClientOptions { Credentials = { AgentCredential.Bearer("token") } };
        using var client = new A2AClient(new Uri("https://asked.example.com/a.json"), options, new HttpClient(network));

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Contains("CredentialHosts", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(2, network.Requests.Count);
    }

    [Fact]
    public async Task ARedirectToAHostThatIsDownDoesNotHideTheCardAtTheRoot()
    {
        using var network = new StubHandler((request, _) => request.Url.AbsolutePath switch
        {
            "/agent/.well-known/agent-card.json" => Redirect("https://b.example.com/login"),
            "/.well-known/agent-card.json" => StubHandler.Json(Card1_0),
            _ => new(HttpStatusCode.ServiceUnavailable),
        });
        using var client = new A2AClient(new Uri("https://a.example.com/agent"), null, new HttpClient(network));

        Assert.Equal("new", (await client.GetCardAsync()).Name);
    }

    [Theory]
    [InlineData("http://a.example.com/card.json", 1)]
    [InlineData("file:///card.json", 1)]
    [InlineData("https://a.example.com/a.json", 6)]
    public async Task ARedirectThatLeadsToNoCardIsAnError(string location, int requests)
    {
        using var network = new StubHandler((_, _) => Redirect(location));
        using var client = new A2AClient(new Uri("https://a.example.com/a.json"), null, new HttpClient(network));

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetCardAsync());

        Assert.Equal(307, thrown.HttpStatus);
        Assert.Equal(requests, network.Requests.Count);
    }

    [Fact]
    public async Task AnAddressMayBeAPathBesideTheCard()
    {
        using var network = new StubHandler((request, _) => request.Url.AbsolutePath.EndsWith(".json", StringComparison.Ordinal)
            ? StubHandler.Json(Card1_0.Replace("https://a.example.com/rest", "/rest", StringComparison.Ordinal))
            : StubHandler.Json("""{"id":"a","status":{"state":"TASK_STATE_WORKING"}}"""));
        using var client = new A2AClient(new Uri("https://a.example.com"), null, new HttpClient(network));

        await client.GetTaskAsync("a");

        Assert.Equal("https://a.example.com/rest/t/tasks/a", network.Requests[^1].Url.AbsoluteUri);
    }

    [Theory]
    [InlineData("//evil.com/rest", "CredentialHosts")]
    [InlineData("file:///rest", "no valid address")]
    [InlineData("evil.com:443", "no valid address")]
    public async Task AnAddressWithoutASchemeLeadsNoCredentialsAway(string url, string fault)
    {
        var options = new A2AClientOptions { Credentials = { AgentCredential.Bearer("token") }, CredentialHosts = { "a.example.com" } };
        using var client = Client(Card1_0.Replace("https://a.example.com/rest", url, StringComparison.Ordinal), options);

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetInterfaceAsync());

        Assert.Contains(fault, thrown.Message, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Redirect(string location) =>
        new(HttpStatusCode.TemporaryRedirect) { Headers = { Location = new Uri(location) } };

    private static A2AClient Client(string card, A2AClientOptions? options = null) =>
        new(new Uri("https://a.example.com"), options, new HttpClient(new StubHandler((_, _) => StubHandler.Json(card))));

    /// <summary>Somebody between the client and the agent.</summary>
    private sealed class ChangingHandler(string old, string replacement) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var response = await base.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            Assert.Contains(old, body, StringComparison.Ordinal);
            return StubHandler.Json(body.Replace(old, replacement, StringComparison.Ordinal));
        }
    }
}
