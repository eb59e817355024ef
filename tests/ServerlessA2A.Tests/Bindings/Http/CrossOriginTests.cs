using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Bindings.Security;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Http;

/// <summary>Web pages of other origins: who may call, and what their browsers let them see of the answers.</summary>
public sealed class CrossOriginTests
{
    private const string Page = "https://app.example.com";
    private const string Stranger = "https://evil.example.com";
    private const string Call = """{"jsonrpc":"2.0","id":7,"method":"GetTask","params":{"id":"x"}}""";

    private static readonly (string Name, string Value)[] Settings =
    [
        .. KnownCallers.Settings,
        ("Http:AllowedOrigins:0", "https://App.Example.com/"), ("Http:AllowedOrigins:1", "http://localhost:3000"),
        ("Security:AllowedCallers:0", "alice"),
    ];

    private static readonly string[] SentByClients =
        ["Content-Type", "Authorization", "X-API-Key", "A2A-Version", "A2A-Extensions", "X-A2A-Extensions", "Last-Event-ID"];

    public static TheoryData<string> Paths =>
    [
        "/", "//", "/tasks", "/tasks/x", "/tasks/x:cancel", "/tasks/x:subscribe", "/message:send", "/message:stream",
        "/tenant/message:send", "/v1/message:send", "/v1/card", "/tasks/x/pushNotificationConfigs", "/tasks/x/pushNotificationConfigs/y",
        "/extendedAgentCard", "/nothing/here", "/.well-known/agent-card.json", "/.well-known/agent.json", "/.well-known/jwks.json",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task APreflightIsAnsweredForEveryPathAndMethodWithoutCredentialsAndWithoutARedirect(string path)
    {
        await using var message = await AgentHost.StartAsync([.. Settings, ("Agent:CardUrl", "https://card.example.com/")]);
        await using var card = await AgentHost.StartAsync(_ => { }, cardOnly: true, inProcess: false, Settings);
        foreach (var host in (AgentHost[])[message, card])
        {
            foreach (var method in (string[])["GET", "POST", "DELETE", "HEAD", "PUT"])
            {
                var (response, body) = await host.Client.ExchangeAsync(Preflight(host, path, method, Page));

                Assert.Equal((HttpStatusCode.NoContent, ""), (response.StatusCode, body));
                Assert.Contains(Only(response, "Access-Control-Allow-Origin"), (string[])[Page, "*"]);
                Assert.Equal("GET, HEAD, POST, DELETE", Only(response, "Access-Control-Allow-Methods"));
                Assert.All(SentByClients, header => Assert.Contains(header, Only(response, "Access-Control-Allow-Headers").Split(", ")));
                Assert.Equal("86400", Only(response, "Access-Control-Max-Age"));
                Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
            }
        }
    }

    [Fact]
    public async Task WhatAPageWillSendBesideThatIsAllowedToo()
    {
        await using var host = await AgentHost.StartAsync([.. Settings, ("Security:ApiKeys:Header", "X-Key")]);

        var preflight = Preflight(host, "/", "POST", "http://localhost:3000");
        var (response, _) = await host.Client.ExchangeAsync(
            preflight.With("Access-Control-Request-Headers", "authorization,x-of-an-extension"));

        Assert.Equal("http://localhost:3000", Only(response, "Access-Control-Allow-Origin"));
        Assert.EndsWith(", authorization, x-of-an-extension", Only(response, "Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Contains("X-Key", Only(response, "Access-Control-Allow-Headers").Split(", "));
    }

    /// <summary>Kestrel sends nothing but ASCII back.</summary>
    [Fact]
    public async Task WhatIsNoNameOfAHeaderIsLeftOut()
    {
        await using var host = await AgentHost.StartAsync(Settings);
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 };
        using var client = new HttpMessageInvoker(handler);
        foreach (var path in (string[])["/", "/.well-known/agent-card.json"])
        {
            using var response = await client.SendAsync(
                Preflight(host, path, "POST", Page).With("Access-Control-Request-Headers", "x-one, b\u00e4r, x two, ,x-three"), default);

            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.EndsWith(", baggage, x-one, x-three", Only(response, "Access-Control-Allow-Headers"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EveryAnswerOfEveryWireMayBeReadByAPageThatIsAllowed()
    {
        await using var host = await AgentHost.StartAsync(Settings);
        using var alice = host.ClientOf("alice");
        foreach (var wire in Wires.JsonOf(alice))
        {
            var options = new SendOptions();
            HttpRequestMessage[] requests =
                [wire.SendRequest("echo:x", options), wire.StreamRequest("echo:x", options), wire.GetRequest("x")];
            foreach (var request in requests)
                AssertReadable(await alice.ExchangeAsync(request.With("Origin", Page)));
        }
    }

    [Theory]
    [InlineData("/", null, true)]
    [InlineData("/", "text/plain", true)]
    [InlineData("/", null, false)]
    [InlineData("/message:send", null, true)]
    [InlineData("/v1/message:send", null, true)]
    [InlineData("/message:send", null, false)]
    public async Task ABodyThatAnyPageCouldSendWithoutAPreflightIsRefused(string path, string? contentType, bool isOfPage)
    {
        await using var host = await AgentHost.StartAsync();
        const string Message = """{"message":{"messageId":"m-1","role":"ROLE_USER","parts":[{"text":"forged"}]}}""";
        var body = path == "/" ? $$"""{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{{Message}}}""" : Message;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = contentType is null ? null : new(contentType);
        if (isOfPage)
            request.Headers.Add("Origin", "https://evil.example");

        var (response, answer) = await host.Client.ExchangeAsync(request.With("A2A-Version", "1.0"));

        Assert.Equal(isOfPage && path != "/" ? HttpStatusCode.UnsupportedMediaType : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(isOfPage, answer.Contains("The request's body must be", StringComparison.Ordinal));
        // Without a body there is nothing to forge.
        var (list, _) = await host.Client.ExchangeAsync(
            RawHttp.Request("POST", "/tasks/x:cancel", body: null).With("Origin", "https://evil.example"));
        Assert.Equal(HttpStatusCode.NotFound, list.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/", Call, null, 401)]
    [InlineData("GET", "/tasks", null, null, 401)]
    [InlineData("GET", "/tasks", null, "mallory", 401)]
    [InlineData("GET", "/tasks", null, "bob", 403)]
    [InlineData("POST", "/", Call, "bob", 403)]
    [InlineData("GET", "/", null, null, 200)]
    [InlineData("PUT", "/", null, null, 405)]
    [InlineData("OPTIONS", "/tasks", null, null, 204)]
    [InlineData("GET", "/nothing/here", null, "alice", 404)]
    [InlineData("GET", "/tasks/x", null, "alice", 503)]
    [InlineData("DELETE", "/tasks", null, "alice", 405)]
    [InlineData("POST", "/message:send", "{", "alice", 400)]
    [InlineData("POST", "/message:send", "12345678901234567890", "alice", 413)]
    public async Task SoMayErrors(string method, string path, string? body, string? caller, int status)
    {
        await using var host = await AgentHost.StartAsync(
            services => services.AddSingleton<ITaskStore>(provider => new AbsentStore(provider.GetRequiredService<InMemoryTaskStore>())),
            [.. Settings, ("Http:MaxRequestBytes", "1024")]);
        var request = RawHttp.Request(method, path, status == 413 ? new string(' ', 2000) : body).With("Origin", Page);
        if (caller is not null)
            request.With("X-API-Key", KnownCallers.KeyOf(caller));

        var answer = await host.Client.ExchangeAsync(request);

        Assert.Equal(status, (int)answer.Response.StatusCode);
        AssertReadable(answer);
        if (status is 401 or 503)
            Assert.Contains(status == 401 ? "WWW-Authenticate" : "Retry-After", answer.Response.Headers.Select(header => header.Key));
    }

    [Fact]
    public async Task SoMayThatThereAreTooManyRequests()
    {
        await using var host = await AgentHost.StartAsync(
            [.. Settings, ("Limits:RequestsPerSecond", "0.01"), ("Limits:RequestBurst", "1")]);
        using var alice = host.ClientOf("alice");
        foreach (var wire in Wires.JsonOf(alice))
        {
            await alice.ExchangeAsync(wire.GetRequest("x"));
            var answer = await alice.ExchangeAsync(wire.GetRequest("x").With("Origin", Page));

            Assert.Equal(HttpStatusCode.TooManyRequests, answer.Response.StatusCode);
            AssertReadable(answer);
            Assert.NotNull(answer.Response.Headers.RetryAfter);
        }
    }

    [Theory]
    [InlineData("/.well-known/agent-card.json")]
    [InlineData("/.well-known/agent.json")]
    [InlineData("/.well-known/jwks.json")]
    public async Task TheCardAndTheKeysAreForEveryPageAndLeadNobodyElsewhere(string path)
    {
        await using var message = await AgentHost.StartAsync(("Agent:CardUrl", "https://card.example.com/"));
        await using var card = await AgentHost.StartAsync(_ => { }, cardOnly: true, inProcess: false, Settings);
        foreach (var host in (AgentHost[])[message, card])
        {
            var (response, body) = await host.Client.ExchangeAsync(RawHttp.Request("GET", path).With("Origin", Stranger));
            var (preflight, _) = await host.Client.ExchangeAsync(Preflight(host, path, "GET", Stranger));
            var (refused, _) = await host.Client.ExchangeAsync(RawHttp.Request("PUT", path).With("Origin", Stranger));

            Assert.Equal(
                (HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.MethodNotAllowed),
                (response.StatusCode, preflight.StatusCode, refused.StatusCode));
            Assert.StartsWith("{", body, StringComparison.Ordinal);
            Assert.Contains("ETag", Only(response, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
            foreach (var each in (HttpResponseMessage[])[response, preflight, refused])
                Assert.Equal("*", Only(each, "Access-Control-Allow-Origin"));
            // It is the same for every origin, and may be kept as such.
            Assert.DoesNotContain("Origin", response.Headers.Vary);
        }
    }

    [Fact]
    public async Task APageThatIsNotAllowedGetsNothingToReadAndCachesKnowWhy()
    {
        await using var host = await AgentHost.StartAsync(Settings);
        using var alice = host.ClientOf("alice");
        string?[] origins =
            [Stranger, "null", "http://app.example.com", "https://app.example.com:8443", "https://app.example.com.evil.example", null];
        foreach (var origin in origins)
        {
            foreach (var wire in Wires.JsonOf(alice))
            {
                var request = wire.GetRequest("x");
                var (response, _) = await alice.ExchangeAsync(origin is null ? request : request.With("Origin", origin));
                AssertNothing(response);
                Assert.Contains("Origin", response.Headers.Vary);
            }

            var (preflight, _) = await alice.ExchangeAsync(Preflight(host, "/tasks", "POST", origin ?? "x"));
            AssertNothing(preflight);
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        }
    }

    [Fact]
    public async Task NoPageMayCallUnlessOneIsSet()
    {
        await using var host = await AgentHost.StartAsync();

        AssertNothing((await host.Client.ExchangeAsync(Preflight(host, "/", "POST", Page))).Response);
        AssertNothing((await host.Client.ExchangeAsync(RawHttp.Request("POST", "/", Call).With("Origin", Page))).Response);
    }

    [Fact]
    public async Task AnyPageMayCallWhereAnyIsSet()
    {
        await using var host = await AgentHost.StartAsync(("Http:AllowedOrigins:0", "*"));
        foreach (var origin in (string[])[Stranger, "null"])
        {
            var (preflight, _) = await host.Client.ExchangeAsync(Preflight(host, "/message:send", "POST", origin));
            var (response, _) = await host.Client.ExchangeAsync(RawHttp.Request("POST", "/", Call).With("Origin", origin));

            Assert.Equal(("*", "*"), (Only(preflight, "Access-Control-Allow-Origin"), Only(response, "Access-Control-Allow-Origin")));
            Assert.Empty(response.Headers.Vary);
        }
    }

    [Fact]
    public async Task AnyOriginIsRefusedAtStartWhereACredentialIsACookie()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => AgentHost.StartAsync(("Http:AllowedOrigins:0", "*"), ("Security:ApiKeys:Header", "cookie")));
        const string Fault = "(A2A__Http__AllowedOrigins__0) contains '*' and A2A:Security:ApiKeys:Header";
        Assert.Contains(Fault, Assert.Single(refused.Failures), StringComparison.Ordinal);

        await using var listed = await AgentHost.StartAsync(("Http:AllowedOrigins:0", Page), ("Security:ApiKeys:Header", "cookie"));
    }

    private static HttpRequestMessage Preflight(AgentHost host, string path, string method, string origin) =>
        RawHttp.Request("OPTIONS", host.Address!.GetLeftPart(UriPartial.Authority) + path)
            .With("Origin", origin).With("Access-Control-Request-Method", method);

    private static string Only(HttpResponseMessage response, string header) => Assert.Single(response.Headers.GetValues(header));

    private static void AssertReadable((HttpResponseMessage Response, string Body) answer)
    {
        Assert.Equal(Page, Only(answer.Response, "Access-Control-Allow-Origin"));
        Assert.Contains("Origin", answer.Response.Headers.Vary);
        var readable = Only(answer.Response, "Access-Control-Expose-Headers").Split(", ");
        foreach (var header in (string[])["A2A-Extensions", "X-A2A-Extensions", "Retry-After", "WWW-Authenticate", "Allow", "ETag"])
            Assert.Contains(header, readable);
    }

    private static void AssertNothing(HttpResponseMessage response) =>
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));

    private sealed class AbsentStore(ITaskStore inner) : DelegatingTaskStore(inner)
    {
        public override ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken) =>
            throw new TaskStoreException("away", isTransient: true);
    }
}
