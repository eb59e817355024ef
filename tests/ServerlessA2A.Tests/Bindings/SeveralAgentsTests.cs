using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using ServerlessA2A.Protocol.Signatures;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Bindings.Security;
using ServerlessA2A.Tests.Security;
using V1 = ServerlessA2A.Grpc.V1;

namespace ServerlessA2A.Tests.Bindings;

/// <summary>
/// Several agents in one program: each at its own path, with its own card and rules. <see cref="IsolationTests"/> has what keeps their
/// tasks apart.
/// </summary>
public sealed class SeveralAgentsTests : IAsyncLifetime
{
    private const string Must = "https://x.example/must";

    private AgentHost _host = null!;

    public static TheoryData<string> WireNames => [.. Wires.Names];

    public async Task InitializeAsync() => _host = await StartAsync(
        ("Agent:Name", "Default"),
        ("Agents:weather:Name", "Weather"), ("Agents:weather:Streaming", "false"), ("Agents:weather:PushNotifications", "false"),
        ("Agents:weather:Replies", "true"),
        ("Agents:weather:OutputModes:0", "text/plain"), ("Agents:weather:ExtendedCard", "true"),
        ("Agents:weather:Extended:Description", "for some only"),
        ("Agents:weather:Skills:0:Id", "rain"), ("Agents:weather:Skills:0:Name", "Rain"),
        ("Agents:news:Extensions:0:Uri", Must), ("Agents:news:Extensions:0:Required", "true"), ("Agents:news:Extensions:0:Params", """{"n":1}"""));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task EachAnswersAtItsOwnPath(string wireName)
    {
        foreach (var agent in (string[])["weather", "news"])
        {
            using var client = _host.ClientAt(agent);
            var wire = Wires.Of(wireName, client);
            var reply = await wire.AskAsync(wire.SendRequest("echo:hello", new SendOptions()).With("A2A-Extensions", Must));
            var task = wire.TaskOf(reply.Result);
            Assert.Equal("COMPLETED", wire.StateOf(task));
            var read = await wire.AskAsync(wire.GetRequest(task.GetProperty("id").GetString()!).With("A2A-Extensions", Must));
            Assert.Null(read.ErrorCode);
        }
    }

    [Theory]
    [InlineData("/.well-known/agent-card.json", "Default", "/")]
    [InlineData("/.well-known/agent.json", "Default", "/")]
    [InlineData("/weather/.well-known/agent-card.json", "Weather", "/weather/")]
    [InlineData("/weather//.well-known/agent.json/", "Weather", "/weather/")]
    [InlineData("/news/.well-known/agent-card.json", "news", "/news/")]
    public async Task EachHasItsCardWithItsOwnAddress(string path, string name, string address)
    {
        foreach (var version in (string[])["", "1.0", "0.3"])
        {
            var (response, body) = await _host.Client.ExchangeAsync(RawHttp.Request("GET", path).With("A2A-Version", version));

            Assert.Equal((HttpStatusCode.OK, name), (response.StatusCode, body.Json().GetProperty("name").GetString()));
            var expected = new Uri(_host.Address!, address).AbsoluteUri;
            var members = version == "0.3" ? (Main: "url", Others: "additionalInterfaces") : (Main: "", Others: "supportedInterfaces");
            Assert.All(body.Json().GetProperty(members.Others).EnumerateArray(), each =>
                Assert.Equal(expected, each.GetProperty("url").GetString()));
            if (members.Main.Length > 0)
                Assert.Equal(expected, body.Json().GetProperty(members.Main).GetString());
        }
    }

    [Theory]
    [InlineData("/", "Default")]
    [InlineData("/weather", "Weather")]
    [InlineData("/weather/", "Weather")]
    [InlineData("/news/.well-known/agent-card.json", "news")]
    public async Task TheCardFunctionHasThemAll(string path, string name)
    {
        await using var cards = await AgentHost.StartAsync(
            AgentHost.WithAgents("weather", "news"), cardOnly: true, inProcess: false, ("Agent:Name", "Default"),
            ("Agents:weather:Name", "Weather"), ("Agent:PublicUrl", "https://a.example/x"));
        var (_, body) = await cards.Client.ExchangeAsync("GET", path);

        Assert.Equal(name, body.Json().GetProperty("name").GetString());
        var agent = path.Split('/')[1];
        Assert.Equal("https://a.example/x" + (agent.Length == 0 ? "" : $"/{agent}"), body.Json().GetProperty("url").GetString());
        Assert.Equal(
            HttpStatusCode.NotFound, (await cards.Client.ExchangeAsync("GET", "/other/.well-known/agent-card.json")).Response.StatusCode);
    }

    [Fact]
    public async Task EachLeadsToItsOwnCardAndKeys()
    {
        await using var host = await StartAsync(("Agent:CardUrl", "https://card.example/.well-known/agent-card.json"));
        foreach (var (path, location) in new[]
        {
            ("/.well-known/agent-card.json", "https://card.example/.well-known/agent-card.json"),
            ("/weather/.well-known/agent-card.json?A2A-Version=1.0",
            "https://card.example/weather/.well-known/agent-card.json?A2A-Version=1.0"),
            ("/news/.well-known/jwks.json", "https://card.example/news/.well-known/jwks.json"),
        })
        {
            var (response, _) = await host.Client.ExchangeAsync("GET", path);
            Assert.Equal((HttpStatusCode.TemporaryRedirect, location), (response.StatusCode, response.Headers.Location?.OriginalString));
        }
    }

    [Fact]
    public async Task EachCardIsSignedWithTheOneKeyAndSaysWhereItIs()
    {
        await using var host = await StartAsync(
            ("Security:SigningKeys:0", TestKeys.Jwk(TestKeys.Ec, ("kid", "ec"))), ("Agents:weather:Name", "Weather"));
        foreach (var agent in (string[])["", "/weather", "/news"])
        {
            var (_, card) = await host.Client.ExchangeAsync(
                RawHttp.Request("GET", $"{agent}/.well-known/agent-card.json").With("A2A-Version", "1.0"));
            var (_, keys) = await host.Client.ExchangeAsync("GET", $"{agent}/.well-known/jwks.json");
            Assert.Equal("ec", AgentCardSignatures.Verify(Encoding.UTF8.GetBytes(card), Encoding.UTF8.GetBytes(keys)).KeyId);
            var header = JsonElement.Parse(
                System.Buffers.Text.Base64Url.DecodeFromChars(card.Json().GetProperty("signatures")[0].GetProperty("protected")
                .GetString()));
            Assert.Equal(new Uri(host.Address!, $"{agent}/.well-known/jwks.json").AbsoluteUri, header.GetProperty("jku").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task TheRulesOfOneAreNotThoseOfAnother(string wireName)
    {
        using var weather = _host.ClientAt("weather");
        using var news = _host.ClientAt("news");
        var (first, one, other) = (Wires.Of(wireName, _host.Client), Wires.Of(wireName, weather), Wires.Of(wireName, news));

        Assert.Equal("UNSUPPORTED_OPERATION", (await one.AskAsync(one.StreamRequest("echo:x", new SendOptions()))).Reason);
        using (var stream = await first.StreamAsync("echo:x"))
            Assert.NotEmpty(await stream.ReadToEndAsync());
        Assert.Equal(
            "PUSH_NOTIFICATION_NOT_SUPPORTED", (await one.AskAsync(one.CreateConfigRequest("x", "https://example.com/", "h"))).Reason);
        Assert.Equal("TASK_NOT_FOUND", (await first.AskAsync(first.CreateConfigRequest("x", "https://example.com/", "h"))).Reason);
        Assert.Equal("EXTENSION_SUPPORT_REQUIRED", (await other.AskAsync(other.GetRequest("x"))).Reason);
        Assert.Equal("TASK_NOT_FOUND", (await first.AskAsync(first.GetRequest("x"))).Reason);
        Assert.Equal("UNAUTHENTICATED", (await one.AskAsync(one.ExtendedCardRequest())).Reason);
        Assert.Equal("UNSUPPORTED_OPERATION", (await first.AskAsync(first.ExtendedCardRequest())).Reason);
        var reply = await one.AskAsync(one.SendRequest("reply:hi", new SendOptions()));
        Assert.Contains(
            "hi", one.MessageOf(reply.Result).GetProperty(one.IsV1 || one.IsJsonRpc ? "parts" : "content")[0].GetRawText(),
            StringComparison.Ordinal);
        var refused = await first.AskAsync(first.SendRequest("reply:hi", new SendOptions()));
        Assert.Equal("FAILED", first.StateOf(first.TaskOf(refused.Result)));
        var told = await other.AskAsync(other.SendRequest("extensions:", new SendOptions()).With("A2A-Extensions", Must));
        Assert.Contains(Must, other.TaskOf(told.Result).GetRawText(), StringComparison.Ordinal);
        _host.ErrorsAreExpected = true;
    }

    [Fact]
    public async Task AnExtendedCardIsItsAgentsOwn()
    {
        await using var host = await AgentHost.StartAsync(AgentHost.WithAgents("weather"),
            [.. KnownCallers.Settings, ("Agents:weather:ExtendedCard", "true"), ("Agents:weather:Extended:Description", "more")]);
        using var alice = host.ClientAt("weather", "alice");
        foreach (var wire in Wires.Of(alice))
        {
            var reply = await wire.AskAsync(wire.ExtendedCardRequest());
            Assert.Equal("more", reply["description"].GetString());
            // gRPC has a port of its own here.
            var address = wire is GrpcWire ? "/weather/" : new Uri(host.Address!, "/weather/").AbsoluteUri;
            Assert.Contains(address, reply.Result.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/weather/acme/tasks/{0}")]
    [InlineData("/weather/acme/v1/tasks/{0}")]
    [InlineData("/weather/v1/acme/tasks/{0}")]
    [InlineData("/weather/tasks/{0}?tenant=acme")]
    public async Task TenantsAreBelowAnAgent(string path)
    {
        using var weather = _host.ClientAt("weather");
        var taskId = await new JsonRpcWire(weather).SendAsync("echo:hello", new SendOptions { Tenant = "acme" });

        Assert.Equal(HttpStatusCode.OK, (await _host.Client.ExchangeAsync("GET", string.Format(null, path, taskId))).Response.StatusCode);
        foreach (var elsewhere in (
            string[])["/acme/tasks/{0}", "/weather/tasks/{0}", "/acme/weather/tasks/{0}", "/weather/weather/tasks/{0}"])
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await _host.Client.ExchangeAsync("GET", string.Format(null, elsewhere, taskId))).Response.StatusCode);
    }

    /// <summary>A misspelled or removed agent's path must not reach the default agent as a tenant's.</summary>
    [Theory]
    [InlineData("POST", "/Weather/message:send")]
    [InlineData("POST", "/wether/message:stream")]
    [InlineData("POST", "/wether/v1/message:send")]
    [InlineData("OPTIONS", "/wether/message:send")]
    [InlineData("GET", "/wether/tasks")]
    [InlineData("GET", "/wether/tasks/x")]
    [InlineData("GET", "/tasks/tasks/x")]
    [InlineData("GET", "/wether//extendedAgentCard/")]
    public async Task AnyOtherFirstSegmentIsNotFound(string method, string path)
    {
        var body = method == "POST" ? """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"echo:hello"}]}}""" : null;
        var (response, answer) = await _host.Client.ExchangeAsync(method, path, body);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("There is nothing at this path.", answer, StringComparison.Ordinal);
    }

    /// <summary>gRPC has no paths: the tenant is what the path is elsewhere.</summary>
    [Theory]
    [InlineData("wether", false)]
    [InlineData("Weather", false)]
    [InlineData("wether/acme", false)]
    [InlineData("weather/acme", true)]
    [InlineData("/acme", true)]
    [InlineData("", true)]
    public async Task OverGrpcATenantBeginsWithAnAgentOrASlash(string tenant, bool isThere)
    {
        using var channel = _host.NewChannel();
        var request = new V1.SendMessageRequest
        {
            Tenant = tenant,
            Message = new() { MessageId = $"{Guid.NewGuid()}", Role = V1.Role.User, Parts = { new V1.Part { Text = "echo:hello" } } },
        };
        async Task<string> SendAsync() => (await new V1.A2AService.A2AServiceClient(channel).SendMessageAsync(request)).Task.Id;

        if (!isThere)
        {
            var refused = await Assert.ThrowsAsync<RpcException>(SendAsync);
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            Assert.Contains("tenant", refused.Status.Detail, StringComparison.Ordinal);
            return;
        }

        var id = await SendAsync();
        var path = tenant switch { "/acme" => $"/tasks/{id}?tenant=acme", "" => $"/tasks/{id}", _ => $"/{tenant}/tasks/{id}" };
        Assert.Equal(HttpStatusCode.OK, (await _host.Client.ExchangeAsync("GET", path)).Response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/tasks?tenant=acme")]
    [InlineData("GET", "/v1/acme/tasks")]
    [InlineData("GET", "/weather/acme/tasks")]
    [InlineData("OPTIONS", "/message:send")]
    public async Task TheProtocolsOwnFirstSegmentsStay(string method, string path) =>
        Assert.True((await _host.Client.ExchangeAsync(method, path)).Response.IsSuccessStatusCode);

    [Fact]
    public async Task AnAgentWinsOverATenantOfItsName()
    {
        var wire = new JsonRpcWire(_host.Client);
        var ofTenant = await wire.SendAsync("echo:hello", new SendOptions { Tenant = "weather" });

        Assert.Equal(HttpStatusCode.NotFound, (await _host.Client.ExchangeAsync("GET", $"/weather/tasks/{ofTenant}")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _host.Client.ExchangeAsync("GET", $"/tasks/{ofTenant}?tenant=weather")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _host.Client.ExchangeAsync("GET", $"/v1/weather/tasks/{ofTenant}")).Response.StatusCode);
    }

    [Fact]
    public async Task NamesAreComparedLetterForLetter()
    {
        foreach (var path in (string[])["/Weather", "/weather2", "/weathe", "/%77eather2"])
            Assert.Equal(HttpStatusCode.NotFound, (await _host.Client.ExchangeAsync("POST", path, "{}")).Response.StatusCode);
        Assert.Equal(
            HttpStatusCode.OK, (await _host.Client.ExchangeAsync("GET", "/%77eather/.well-known/agent-card.json")).Response.StatusCode);
    }

    [Theory]
    [InlineData("weather", "(A2A:Agents:weather:Replies)")]
    [InlineData("", "(A2A:Agent:Replies)")]
    public async Task AnAgentThatMayNotReplyIsToldItsOwnSetting(string agent, string setting)
    {
        await using var host = await AgentHost.StartAsync(AgentHost.WithAgents("weather"));
        host.ErrorsAreExpected = true;
        using var client = host.ClientAt(agent);
        var wire = new JsonRpcWire(client);

        Assert.Contains(
            setting, (await wire.AskAsync(wire.SendRequest("reply:hi", new SendOptions()))).Result.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErrorsAndTheLogHaveTheWholePath()
    {
        await using var host = await AgentHost.StartAsync(AgentHost.WithAgents("weather"), KnownCallers.Settings);
        foreach (var (path, named) in new[] { ("/weather/nothing", "/weather/nothing"), ("/wether/tasks", "/wether/tasks") })
        {
            var (_, body) = await host.Client.ExchangeAsync("GET", path);
            Assert.Contains($"\"path\":\"{named}\"", body, StringComparison.Ordinal);
        }

        await host.Client.ExchangeAsync("GET", "/weather/tasks");
        Assert.Contains(" for /weather/tasks; request rejected", Assert.Single(host.Log.SecurityEvents).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APathWithoutAnOperationIsAnsweredAsBelowTheDefaultAgent()
    {
        var (welcome, text) = await _host.Client.ExchangeAsync("GET", "/weather/");
        Assert.Equal(HttpStatusCode.OK, welcome.StatusCode);
        Assert.StartsWith("This is an A2A agent", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _host.Client.ExchangeAsync("DELETE", "/weather")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _host.Client.ExchangeAsync("OPTIONS", "/weather")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Client.ExchangeAsync("GET", "/weather/nothing")).Response.StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound, (await _host.Client.ExchangeAsync("GET", "/other/.well-known/agent-card.json")).Response.StatusCode);
    }

    [Fact]
    public async Task WhereNoAgentHasANameTheFirstSegmentIsATenantAsEver()
    {
        await using var host = await AgentHost.StartAsync();
        var taskId = await new JsonRpcWire(host.Client).SendAsync("echo:hello", new SendOptions { Tenant = "weather" });

        Assert.Equal(HttpStatusCode.OK, (await host.Client.ExchangeAsync("GET", $"/weather/tasks/{taskId}")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.ExchangeAsync("POST", "/weather", "{}")).Response.StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound, (await host.Client.ExchangeAsync("GET", "/weather/.well-known/agent-card.json")).Response.StatusCode);
    }

    private static Task<AgentHost> StartAsync(params (string Name, string Value)[] settings) =>
        AgentHost.StartAsync(AgentHost.WithAgents("weather", "news"), settings);
}
