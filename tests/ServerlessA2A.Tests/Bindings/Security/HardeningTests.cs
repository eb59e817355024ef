using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>What is in the head of every answer, whatever it is.</summary>
public sealed class HardeningTests
{
    private const string Body = """{"jsonrpc":"2.0","id":7,"method":"GetTask","params":{"id":"x"}}""";
    private const string Card = "/.well-known/agent-card.json";

    /// <summary>Requests that are answered in as many ways as there are: method, path, body, API key, and the status.</summary>
    private static readonly (string Method, string Path, string? Body, string? Caller, int Status)[] Answers =
    [
        ("GET", "/", null, "alice", 200), ("HEAD", "/", null, "alice", 200), ("OPTIONS", "/", null, "alice", 204),
        ("PUT", "/", null, "alice", 405),
        ("POST", "/", Body, "alice", 200), ("POST", "/", "{", "alice", 200), ("POST", "/", Body, null, 401),
        ("POST", "/", Body, "mallory", 401),
        ("GET", "/tasks", null, "alice", 200), ("GET", "/tasks/x", null, "alice", 404), ("GET", "/v1/tasks/x", null, "alice", 404),
        ("GET", "/tasks", null, null, 401),
        ("DELETE", "/tasks/x", null, "alice", 405), ("GET", "/nowhere", null, "alice", 404), ("POST", "/message:send", "{}", "alice", 400),
        ("GET", "/extendedAgentCard", null, "alice", 400), ("GET", Card, null, null, 200), ("HEAD", Card, null, null, 200),
        ("GET", "/.well-known/agent.json", null, null, 200),
        ("GET", "/.well-known/jwks.json", null, null, 200), ("OPTIONS", Card, null, null, 204), ("POST", Card, "{}", null, 405),
    ];

    /// <summary>What stands before a server says of how the client came, and whether that was over https.</summary>
    public static TheoryData<string?, bool> Schemes => new()
    {
        { null, false }, { "http", false }, { "https", true }, { "HTTPS", true }, { "https, http", true }, { "http, https", false },
            { "", false }, { "httpss", false },
    };

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task NoTypeIsGuessedAndWhoCameOverHttpsStaysThere(string? scheme, bool isSecure)
    {
        await using var host = await AgentHost.StartAsync(KnownCallers.Settings);
        foreach (var (method, path, body, caller, status) in Answers)
            await AssertHardenedAsync(host, Request(method, path, body, caller), status, scheme, isSecure);
        foreach (var wire in Wires.Of(host.Client))
        {
            await AssertHardenedAsync(host, Request(wire.SendRequest("echo:x", new SendOptions()), "alice"), 200, scheme, isSecure);
            await AssertHardenedAsync(host, Request(wire.StreamRequest("echo:x", new SendOptions()), "alice"), 200, scheme, isSecure);
        }
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task TheCardsOwnEndpointSaysTheSame(string? scheme, bool isSecure)
    {
        await using var host = await AgentHost.StartAsync(_ => { }, cardOnly: true, inProcess: false, KnownCallers.Settings);
        (string Method, string Path, int Status)[] answers =
            [("GET", "/", 200), ("GET", Card, 200), ("HEAD", Card, 200), ("OPTIONS", Card, 204), ("PUT", Card, 405),
                ("GET", "/.well-known/jwks.json", 200), ("GET", "/nowhere", 404)];
        foreach (var (method, path, status) in answers)
            await AssertHardenedAsync(host, Request(method, path, null, null), status, scheme, isSecure);
        // The card has the address that it was asked for at, and so has its tag.
        var first = scheme is null ? Request("GET", Card, null, null) : Request("GET", Card, null, null).With("X-Forwarded-Proto", scheme);
        var etag = (await host.Client.ExchangeAsync(first)).Response.Headers.ETag!.ToString();
        await AssertHardenedAsync(host, Request("GET", Card, null, null).With("If-None-Match", etag), 304, scheme, isSecure);
    }

    [Fact]
    public async Task AnAnswerThatLeadsElsewhereOrHasFailedHasThemToo()
    {
        await using var host = await AgentHost.StartAsync(
            [.. KnownCallers.Settings, ("Agent:CardUrl", "https://card.example.com/.well-known/agent-card.json"),
            ("Limits:TotalRequestsPerSecond", "0.01"), ("Limits:TotalRequestBurst", "1")]);

        await AssertHardenedAsync(host, Request("GET", Card, null, null), 307, "https", isSecure: true);
        await AssertHardenedAsync(host, Request("POST", "/", Body, "alice"), 200, "https", isSecure: true);
        await AssertHardenedAsync(host, Request("POST", "/", Body, "alice"), 429, "https", isSecure: true);
        await AssertHardenedAsync(host, Request("GET", "/tasks", null, "alice"), 429, "http", isSecure: false);
    }

    private static HttpRequestMessage Request(string method, string path, string? body, string? caller) =>
        Request(RawHttp.Request(method, path, body), caller);

    private static HttpRequestMessage Request(HttpRequestMessage request, string? caller) =>
        caller is null ? request : request.With("X-API-Key", KnownCallers.KeyOf(caller));

    private static async Task AssertHardenedAsync(AgentHost host, HttpRequestMessage request, int status, string? scheme, bool isSecure)
    {
        if (scheme is not null)
            request.With("X-Forwarded-Proto", scheme);
        var (response, body) = await host.Client.ExchangeAsync(request);
        var what = $"{request.Method} {request.RequestUri} {scheme}: {(int)response.StatusCode} {body}";
        Assert.True((int)response.StatusCode == status, what);
        Assert.True(response.Headers.TryGetValues("X-Content-Type-Options", out var options) && options.Single() == "nosniff", what);
        Assert.True(response.Headers.TryGetValues("Strict-Transport-Security", out var strict) == isSecure, what);
        Assert.True(strict is null || strict.Single() == "max-age=31536000", what);
    }
}
