using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Bindings.Security;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Http;

/// <summary>In which media type 1.0's HTTP+JSON answers; the other bindings and versions have one only.</summary>
public sealed class ContentNegotiationTests(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    private const string A2AJson = "application/a2a+json";
    private const string Json = "application/json";
    private const string Send = """{"message":{"messageId":"m","role":"ROLE_USER","parts":[]}}""";

    private HttpClient Client => fixture.Host.Client;

    public static TheoryData<string> WireNames => [.. Wires.OfJson];

    [Theory]
    [InlineData(null, Json, Json)]
    [InlineData(null, A2AJson, A2AJson)]
    [InlineData(null, "APPLICATION/A2A+JSON; charset=utf-8", A2AJson)]
    [InlineData(null, "text/plain", Json)]
    [InlineData("", A2AJson, A2AJson)]
    [InlineData("*/*", Json, Json)]
    [InlineData("*/*", A2AJson, A2AJson)]
    [InlineData("application/*", Json, Json)]
    [InlineData("text/event-stream", Json, Json)]
    [InlineData("text/html", A2AJson, A2AJson)]
    [InlineData(Json, Json, Json)]
    [InlineData(Json, A2AJson, Json)]
    [InlineData(A2AJson, Json, A2AJson)]
    [InlineData("Application/A2A+JSON;v=1", Json, A2AJson)]
    [InlineData("application/a2a+json, application/json", Json, A2AJson)]
    [InlineData("application/json, application/a2a+json", Json, A2AJson)]
    [InlineData("application/json, application/a2a+json;q=0.5", A2AJson, Json)]
    [InlineData("application/json;q=0.5, application/a2a+json", Json, A2AJson)]
    [InlineData("application/a2a+json;q=0", A2AJson, Json)]
    [InlineData("text/html, application/a2a+json;q=0.1, */*", Json, A2AJson)]
    [InlineData("no media type", Json, Json)]
    [InlineData("no media type, application/a2a+json;q=x", Json, A2AJson)]
    public async Task TheAnswerHasTheTypeThatAcceptOrElseTheBodyNames(string? accept, string contentType, string expected)
    {
        var request = RawHttp.Request("POST", "/message:send", Send, contentType);

        var (response, body) = await Client.ExchangeAsync(accept is null ? request : request.With("Accept", accept));

        Assert.Equal(expected, response.Content.Headers.ContentType?.ToString());
        Assert.Equal("Accept", Assert.Single(response.Headers.Vary));
        Assert.True(body.Json().TryGetProperty("error", out _));
    }

    [Fact]
    public async Task SeveralAcceptHeadersAreOneList()
    {
        var request = RawHttp.Request("GET", "/tasks/nope").With("Accept", "text/html").With("Accept", A2AJson);

        Assert.Equal(A2AJson, (await Client.SendAsync(request)).Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData(null, Json)]
    [InlineData(Json, Json)]
    [InlineData(A2AJson, A2AJson)]
    public async Task EveryAnswerIsNegotiatedWhateverItsStatus(string? accept, string expected)
    {
        var taskId = await new HttpJsonWire(Client).SendAsync("echo:x");
        (HttpStatusCode Status, HttpRequestMessage Request)[] cases =
        [
            (HttpStatusCode.OK, RawHttp.Request("GET", $"/tasks/{taskId}")),
            (HttpStatusCode.OK, RawHttp.Request("HEAD", $"/tasks/{taskId}")),
            (HttpStatusCode.OK, RawHttp.Request("GET", "/tasks")),
            (HttpStatusCode.OK, RawHttp.Request("GET", $"/tasks/{taskId}/pushNotificationConfigs")),
            (HttpStatusCode.BadRequest, RawHttp.Request("GET", "/tasks?pageSize=0")),
            (HttpStatusCode.BadRequest, RawHttp.Request("POST", $"/tasks/{taskId}:cancel")),
            (HttpStatusCode.BadRequest, RawHttp.Request("POST", $"/tasks/{taskId}:subscribe")),
            (HttpStatusCode.BadRequest, RawHttp.Request("GET", "/extendedAgentCard")),
            (HttpStatusCode.BadRequest, RawHttp.Request("GET", "/tasks/x").With("A2A-Version", "9.9")),
            (HttpStatusCode.NotFound, RawHttp.Request("GET", "/tasks/nope")),
            (HttpStatusCode.NotFound, RawHttp.Request("GET", "/no/such/path/at/all/here")),
            (HttpStatusCode.MethodNotAllowed, RawHttp.Request("PUT", "/tasks/x")),
            (HttpStatusCode.MethodNotAllowed, RawHttp.Request("PATCH", "/")),
            (HttpStatusCode.UnsupportedMediaType, RawHttp.Request("POST", "/message:send", Send, "text/plain")),
        ];
        foreach (var (status, request) in cases)
        {
            using var response = await Client.SendAsync(accept is null ? request : request.With("Accept", accept));

            Assert.Equal(
                (request.RequestUri, status, expected),
                (request.RequestUri, response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        }
    }

    [Theory]
    [InlineData(null, Json)]
    [InlineData(A2AJson, A2AJson)]
    public async Task WhatIsRefusedAtTheDoorIsNegotiatedToo(string? accept, string expected)
    {
        await using var host = await AgentHost.StartAsync(
            [.. KnownCallers.Settings, ("Security:AllowedCallers:0", "alice"), ("Limits:RequestsPerSecond", "0.01"),
            ("Limits:RequestBurst", "1")]);
        using var alice = host.ClientOf("alice");
        using var bob = host.ClientOf("bob");

        Assert.Equal((HttpStatusCode.Unauthorized, expected), await AskAsync(host.Client));
        Assert.Equal((HttpStatusCode.Forbidden, expected), await AskAsync(bob));
        Assert.Equal((HttpStatusCode.NotFound, expected), await AskAsync(alice));
        Assert.Equal((HttpStatusCode.TooManyRequests, expected), await AskAsync(alice));

        async Task<(HttpStatusCode, string?)> AskAsync(HttpClient client)
        {
            var request = RawHttp.Request("GET", "/tasks/x");
            using var response = await client.SendAsync(accept is null ? request : request.With("Accept", accept));
            return (response.StatusCode, response.Content.Headers.ContentType?.ToString());
        }
    }

    [Theory]
    [InlineData(null, Json)]
    [InlineData(A2AJson, A2AJson)]
    public async Task AStoreThatIsAwayIsAnsweredInTheTypeThatIsAskedFor(string? accept, string expected)
    {
        await using var host = await AgentHost.StartAsync(services => services.AddSingleton<ITaskStore>(
            provider => new AwayStore(provider.GetRequiredService<ServerlessA2A.InMemory.InMemoryTaskStore>())));
        var request = RawHttp.Request("GET", "/tasks/x");

        using var response = await host.Client.SendAsync(accept is null ? request : request.With("Accept", accept));

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, expected), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AStreamIsAnEventStreamWhateverIsAccepted(string wireName)
    {
        var wire = Wires.Of(wireName, Client);
        foreach (var accept in (string[])[Json, A2AJson, "text/event-stream", "*/*"])
        {
            using var stream = await Client.StreamAsync(wire.StreamRequest("echo:x", new SendOptions()).With("Accept", accept));

            Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType?.ToString());
            Assert.NotEmpty(await stream.ReadToEndAsync());
        }
    }

    [Theory]
    [InlineData("JSON-RPC 1.0")]
    [InlineData("JSON-RPC 0.3")]
    [InlineData("HTTP+JSON 0.3")]
    public async Task TheOthersHaveOneType(string wireName)
    {
        var wire = Wires.Of(wireName, Client);

        var (response, body) = await Client.ExchangeAsync(wire.GetRequest("x").With("Accept", A2AJson));

        Assert.Equal(A2AError.TaskNotFound.Reason, wire.Read(response, body).Reason);
        Assert.Empty(response.Headers.Vary);
    }

    private sealed class AwayStore(ITaskStore inner) : DelegatingTaskStore(inner)
    {
        public override ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken) =>
            throw new TaskStoreException("away", isTransient: true);
    }
}
