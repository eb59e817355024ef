using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>What callers see of limits, to the letter, over both bindings in both versions.</summary>
public sealed class LimitTests
{
    public static TheoryData<string> WireNames => [.. Wires.Names];

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task WhoMakesTooManyRequestsASecondIsToldWhenToComeAgainAndNobodyElseIs(string wireName)
    {
        // A token in 100 seconds: none comes while this runs, and bob's three are enough for what he does.
        await using var host = await StartAsync(("RequestsPerSecond", "0.01"), ("RequestBurst", "3"));
        using var alice = host.ClientOf("alice");
        using var bob = host.ClientOf("bob");
        var (wire, bobs) = (Wires.Of(wireName, alice), Wires.Of(wireName, bob));
        for (var i = 0; i < 3; i++)
            Assert.Equal("TASK_NOT_FOUND", (await wire.AskAsync(wire.GetRequest("x"))).Reason);

        HttpRequestMessage[] refused = [wire.SendRequest("echo:x", new SendOptions()), wire.StreamRequest("echo:x", new SendOptions()),
            wire.GetRequest("x"), wire.CancelRequest("x")];
        foreach (var request in refused)
        {
            var retryAfter = await AssertRefusedAsync(
                wire, request, "RequestsPerSecond", "0.01", "You make too many requests a second: RequestsPerSecond is 0.01.",
                isBeforeItsBody: true);
            Assert.InRange(int.Parse(retryAfter, System.Globalization.CultureInfo.InvariantCulture), 1, 100);
        }

        var taskId = await bobs.SendAsync("echo:x");
        Assert.Equal(taskId, (await bobs.AskAsync(bobs.GetRequest(taskId)))["id"].GetString());
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AStreamMoreThanMayBeOpenIsRefusedUntilOneHasEnded(string wireName)
    {
        await using var host = await StartAsync(("OpenStreams", "1"));
        using var alice = host.ClientOf("alice");
        using var bob = host.ClientOf("bob");
        var (wire, bobs) = (Wires.Of(wireName, alice), Wires.Of(wireName, bob));
        using var open = await wire.StreamAsync("hold:a");
        var taskId = wire.EventOf((await open.ReadAsync())!.Json).Content.GetProperty("id").GetString()!;

        await AssertRefusedAsync(
            wire, wire.StreamRequest("echo:x", new SendOptions()), "OpenStreams", "1",
            "You have too many open streams and waiting sends: OpenStreams is 1.");
        await AssertStreamRefusedAsync(wire, wire.SubscribeRequest(taskId));
        using var others = await bobs.StreamAsync("echo:x");
        Assert.NotEmpty(await others.ReadToEndAsync());
        host.Agent.Release("a");
        await open.ReadToEndAsync();
        using var next = await wire.StreamAsync("echo:x");

        Assert.Equal(HttpStatusCode.OK, next.Response.StatusCode);
        Assert.NotEmpty(await next.ReadToEndAsync());
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ASendThatWaitsForItsTaskCountsAsAStreamAndOneThatDoesNotWaitDoesNot(string wireName)
    {
        await using var host = await StartAsync(("OpenStreams", "1"));
        using var alice = host.ClientOf("alice");
        var wire = Wires.Of(wireName, alice);
        using var open = await wire.StreamAsync("hold:a");
        await open.ReadAsync();

        await AssertRefusedAsync(
            wire, wire.SendRequest("echo:x", new SendOptions()), "OpenStreams", "1",
            "You have too many open streams and waiting sends: OpenStreams is 1.");
        await wire.SendAsync("echo:x", new SendOptions { Wait = false });
        host.Agent.Release("a");
        await open.ReadToEndAsync();

        await wire.SendAsync("echo:x");
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task RefusalsThatComeTooFastWaitTheirTurnAndNobodyElseDoes(string wireName)
    {
        var time = new ManualTimeProvider();
        await using var host = await AgentHost.StartAsync(
            services => services.AddSingleton<TimeProvider>(time), [.. KnownCallers.Settings, ("Limits:RefusalsPerSecond", "4")]);
        using var alice = host.ClientOf("alice");
        var (wire, nobodys) = (Wires.Of(wireName, alice), Wires.Of(wireName, host.Client));
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.ExchangeAsync(nobodys.GetRequest("x"))).Response.StatusCode);

        var second = host.Client.ExchangeAsync(nobodys.GetRequest("x"));
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(0.25));
        Assert.Equal("TASK_NOT_FOUND", (await wire.AskAsync(wire.GetRequest("x"))).Reason);
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.25));

        Assert.Equal(HttpStatusCode.Unauthorized, (await second.WithinLimit("its turn has come")).Response.StatusCode);
    }

    /// <summary>Neither a stranger nor one who is too fast uses up what is everybody's.</summary>
    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task WhoIsRefusedTakesNothingFromWhatAllMayDo(string wireName)
    {
        await using var host = await StartAsync(
            ("RequestsPerSecond", "0.01"), ("RequestBurst", "1"), ("TotalRequestsPerSecond", "0.01"), ("TotalRequestBurst", "2"));
        using var alice = host.ClientOf("alice");
        using var bob = host.ClientOf("bob");
        var (wire, bobs, nobodys) = (Wires.Of(wireName, alice), Wires.Of(wireName, bob), Wires.Of(wireName, host.Client));
        Assert.Equal("TASK_NOT_FOUND", (await wire.AskAsync(wire.GetRequest("x"))).Reason);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, (await alice.ExchangeAsync(wire.GetRequest("x"))).Response.StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.ExchangeAsync(nobodys.GetRequest("x"))).Response.StatusCode);
        }

        Assert.Equal("TASK_NOT_FOUND", (await bobs.AskAsync(bobs.GetRequest("x"))).Reason);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AnUnfinishedTaskMoreThanMayBeIsRefusedAndThoseOfOthersAreNot(string wireName)
    {
        await using var host = await StartAsync(("UnfinishedTasks", "1"));
        using var alice = host.ClientOf("alice");
        using var bob = host.ClientOf("bob");
        var (wire, bobs) = (Wires.Of(wireName, alice), Wires.Of(wireName, bob));
        var taskId = await wire.SendAsync("hold:a", new SendOptions { Wait = false });

        await AssertRefusedAsync(
            wire, wire.SendRequest("echo:x", new SendOptions()), "UnfinishedTasks", "1",
            "Too many unfinished tasks; wait for them, or cancel some: UnfinishedTasks is 1.");
        await bobs.SendAsync("echo:x");
        await wire.AskAsync(wire.CancelRequest(taskId));

        await wire.SendAsync("echo:x");
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AMessageMoreThanATaskMayHaveIsRefused(string wireName)
    {
        await using var host = await StartAsync(("HistoryMessages", "1"));
        using var alice = host.ClientOf("alice");
        var wire = Wires.Of(wireName, alice);
        var taskId = await wire.SendAsync("ask");

        await AssertRefusedAsync(
            wire, wire.SendRequest("ask", new SendOptions { TaskId = taskId }), "HistoryMessages", "1",
            "The task has too many messages; continue in a new task with its contextId: HistoryMessages is 1.");
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AWebhookMoreThanATaskMayHaveIsRefusedAndOneInAnothersPlaceIsNot(string wireName)
    {
        await using var host = await StartAsync(("Webhooks", "1"));
        using var alice = host.ClientOf("alice");
        var wire = Wires.Of(wireName, alice);
        var taskId = await wire.SendAsync("echo:x");
        Assert.Null((await wire.AskAsync(wire.CreateConfigRequest(taskId, "https://example.com/1", "one"))).ErrorCode);

        await AssertRefusedAsync(
            wire, wire.CreateConfigRequest(taskId, "https://example.com/2", "two"), "Webhooks", "1",
            "The task has too many push notification configurations: Webhooks is 1.");

        Assert.Null((await wire.AskAsync(wire.CreateConfigRequest(taskId, "https://example.com/3", "one"))).ErrorCode);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AMessageThatIsTooLargeIsAMistakeOfItsParts(string wireName)
    {
        await using var host = await StartAsync(("MessageSize", "10"));
        using var alice = host.ClientOf("alice");
        var wire = Wires.Of(wireName, alice);
        const string Message = "message has 11 bytes including metadata; MessageSize allows 10.";
        const string Details =
            """[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"INVALID_PARAMS","domain":"a2a-protocol.org"},{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"message","description":"has 11 bytes including metadata; MessageSize allows 10"}]}]""";

        foreach (var request in new[] { wire.SendRequest("echo:678901", new SendOptions()),
            wire.StreamRequest("echo:678901", new SendOptions()) })
        {
            var (response, body) = await alice.ExchangeAsync(request);

            Assert.Equal(wire.IsJsonRpc ? 200 : 400, (int)response.StatusCode);
            Assert.Equal(ErrorBody(wire, 400, "INVALID_ARGUMENT", -32602, Message, Details), body);
            Assert.Null(response.Headers.RetryAfter);
        }

        await wire.SendAsync("echo:67890");
    }

    private static Task<AgentHost> StartAsync(params (string Name, string Value)[] limits) =>
        AgentHost.StartAsync([.. KnownCallers.Settings, .. limits.Select(limit => ($"Limits:{limit.Name}", limit.Value))]);

    /// <summary>Asserts the whole answer; returns its Retry-After.</summary>
    private static async Task<string> AssertRefusedAsync(
        Wire wire, HttpRequestMessage request, string limit, string value, string message, bool isBeforeItsBody = false)
    {
        var (response, body) = await wire.Client.ExchangeAsync(request);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(
            ErrorBody(wire, 429, "RESOURCE_EXHAUSTED", -32603, message, DetailsOf(limit, value), isBeforeItsBody ? "null" : "7"), body);
        Assert.Equal(wire.AnswerTypeOf(response.RequestMessage), response.Content.Headers.ContentType?.ToString());
        return Assert.Single(response.Headers.GetValues("Retry-After"));
    }

    /// <summary>0.3's resubscribe answers errors inside of a stream over JSON-RPC.</summary>
    private static async Task AssertStreamRefusedAsync(Wire wire, HttpRequestMessage request)
    {
        var (response, body) = await wire.Client.ExchangeAsync(request);

        var error = ErrorBody(
            wire, 429, "RESOURCE_EXHAUSTED", -32603, "You have too many open streams and waiting sends: OpenStreams is 1.",
            DetailsOf("OpenStreams", "1"));
        Assert.Equal(wire is JsonRpcV03Wire ? $"data: {error}\n\n" : error, body);
        Assert.Equal(wire is JsonRpcV03Wire ? 200 : 429, (int)response.StatusCode);
    }

    private static string DetailsOf(string limit, string value) =>
        $$$"""[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RESOURCE_EXHAUSTED","domain":"a2a-protocol.org","metadata":{"limit":"{{{limit}}}","value":"{{{value}}}"}}]""";

    private static string ErrorBody(Wire wire, int status, string name, int code, string message, string details, string id = "7") =>
        wire switch
        {
            { IsJsonRpc: true } => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":{{{code}}},"message":"{{{message}}}","data":{{{details}}}}}""",
            { IsV1: true } => $$$"""{"error":{"code":{{{status}}},"status":"{{{name}}}","message":"{{{message}}}","details":{{{details}}}}}""",
            _ => $$$"""{"code":{{{code}}},"message":"{{{message}}}","data":{{{details}}}}""",
        };
}
