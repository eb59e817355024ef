using System.Net;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Clients;

/// <summary>
/// The Go SDK over HTTP+JSON, by what it sends and reads: <c>Accept: application/json</c> with every request but those for streams, bodies
/// of
/// <c>application/json</c>, errors in no other type; and <c>lastUpdatedAfter</c> for <c>statusTimestampAfter</c>.
/// </summary>
public sealed class GoClientTests(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    private HttpClient Client => fixture.Host.Client;

    [Fact]
    public async Task AnErrorIsJson()
    {
        var (response, body) = await Client.ExchangeAsync(
            RawHttp.Request("GET", "/tasks/nope").With("Accept", "application/json").With("A2A-Version", "1.0"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var error = body.Json().GetProperty("error");
        Assert.Equal((404, "NOT_FOUND"), (error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()));
        Assert.Equal("TASK_NOT_FOUND", error.GetProperty("details")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task ASendIsJsonBothWays()
    {
        var (response, body) = await Client.ExchangeAsync(Post("/message:send", "echo:x").With("Accept", "application/json"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("COMPLETED", V1Bodies.StateOf(body.Json().GetProperty("task")));
    }

    [Fact]
    public async Task AStreamIsAnEventStream()
    {
        using var stream = await Client.StreamAsync(Post("/message:stream", "echo:x").With("Accept", "text/event-stream"));

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("COMPLETED", V1Bodies.StateOf((await stream.ReadToEndAsync())[^1].Json.GetProperty("statusUpdate")));
    }

    [Theory]
    [InlineData("/message:stream")]
    [InlineData("/tasks/nope:subscribe")]
    public async Task AnErrorInPlaceOfAStreamIsJson(string path)
    {
        var (response, body) = await Client.ExchangeAsync(RawHttp.Request("POST", path, "{}").With("Accept", "text/event-stream"));

        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(body.Json().TryGetProperty("error", out _));
    }

    [Theory]
    [InlineData("lastUpdatedAfter")]
    [InlineData("last_updated_after")]
    public async Task LastUpdatedAfterIsTheTimeOfTheStatus(string name)
    {
        Wire[] wires = [new JsonRpcWire(Client), new HttpJsonWire(Client), new HttpJsonV03Wire(Client)];
        foreach (var wire in wires)
        {
            var contextId = Guid.NewGuid().ToString();
            await wire.SendAsync("echo:x", new SendOptions { ContextId = contextId });

            Assert.Equal(1, await CountAsync((name, "\"2020-01-01T00:00:00Z\"")));
            Assert.Equal(0, await CountAsync((name, "\"2999-01-01T00:00:00.000000001Z\"")));
            // The name of the specification counts first.
            Assert.Equal(1, await CountAsync((name, "\"2999-01-01T00:00:00Z\""), ("statusTimestampAfter", "\"2020-01-01T00:00:00Z\"")));
            var refused = await wire.AskAsync(wire.ListRequest((name, "\"yesterday\"")));
            Assert.Equal(("INVALID_PARAMS", "lastUpdatedAfter"), (refused.Reason, refused.Field));

            async Task<int> CountAsync(params (string, string)[] filters) =>
                (await wire.AskAsync(wire.ListRequest([("contextId", $"\"{contextId}\""), .. filters])))["tasks"].GetArrayLength();
        }
    }

    private static HttpRequestMessage Post(string path, string text) =>
        RawHttp.Request("POST", path, V1Bodies.Send(text, new SendOptions()).ToJsonString(), "application/json");
}
