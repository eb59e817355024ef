using System.Net;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Clients;

/// <summary>
/// The .NET SDK, by what it sends and reads: no <c>Accept</c> with unary calls, error bodies of <c>application/json</c> only; and in
/// published versions webhooks in the shape of a draft: <c>config</c> with <c>configId</c>, <c>configuration.pushNotificationConfig</c>,
/// and the method <c>ListTaskPushNotificationConfig</c>.
/// </summary>
public sealed class DotNetClientTests(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    private const string Url = "https://example.com/hook";
    private const string Authentication = """{"scheme":"Bearer","credentials":"c"}""";

    private HttpClient Client => fixture.Host.Client;

    [Theory]
    [InlineData("GET", "/tasks/nope", null, HttpStatusCode.NotFound)]
    [InlineData("POST", "/tasks/nope:cancel", null, HttpStatusCode.NotFound)]
    [InlineData("POST", "/message:send", "{}", HttpStatusCode.BadRequest)]
    public async Task AnErrorIsJson(string method, string path, string? body, HttpStatusCode expected)
    {
        var (response, text) = await Client.ExchangeAsync(
            RawHttp.Request(method, path, body, "application/json; charset=utf-8").With("A2A-Version", "1.0"));

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(text.Json().TryGetProperty("error", out _));
    }

    [Theory]
    [InlineData("JSON-RPC 1.0")]
    [InlineData("HTTP+JSON 1.0")]
    public async Task AWebhookInsideOfConfigIsMade(string wireName)
    {
        var wire = Wires.Of(wireName, Client);
        var taskId = await wire.SendAsync("echo:x");
        var parameters = $$$$"""{"taskId":"{{{{taskId}}}}","configId":"mine","config":{"url":"{{{{Url}}}}","token":"t","authentication":{{{{Authentication}}}}}}""";

        var made = await wire.AskAsync(
            Request(wire, "CreateTaskPushNotificationConfig", $"/tasks/{taskId}/pushNotificationConfigs", parameters));

        var expected = $$$"""{"id":"mine","taskId":"{{{taskId}}}","url":"{{{Url}}}","token":"t","authentication":{{{Authentication}}}}""";
        Assert.Equal(expected, made.Result.GetRawText());
        Assert.Equal(expected, (await wire.AskAsync(wire.GetConfigRequest(taskId, "mine"))).Result.GetRawText());
    }

    [Theory]
    [InlineData("JSON-RPC 1.0", """{"configId":"mine"}""")]
    [InlineData("JSON-RPC 1.0", """{"configId":"mine","config":{}}""")]
    [InlineData("JSON-RPC 1.0", """{"configId":"mine","config":null}""")]
    [InlineData("HTTP+JSON 1.0", """{"configId":"mine","config":{"token":"t"}}""")]
    public async Task AWebhookWithoutAnAddressIsRefusedWithItsFieldNamed(string wireName, string parameters)
    {
        var wire = Wires.Of(wireName, Client);
        var taskId = await wire.SendAsync("echo:x");
        var body = parameters.Replace("{\"configId\"", $"{{\"taskId\":\"{taskId}\",\"configId\"", StringComparison.Ordinal);

        var refused = await wire.AskAsync(
            Request(wire, "CreateTaskPushNotificationConfig", $"/tasks/{taskId}/pushNotificationConfigs", body));

        Assert.Equal(("INVALID_PARAMS", "url"), (refused.Reason, refused.Field));
    }

    [Theory]
    [InlineData("JSON-RPC 1.0", "scheme", "\"Bearer\"")]
    [InlineData("HTTP+JSON 1.0", "scheme", "\"Bearer\"")]
    [InlineData("JSON-RPC 1.0", "schemes", "[\"Bearer\"]")]
    [InlineData("HTTP+JSON 1.0", "schemes", "[\"Bearer\"]")]
    public async Task AWebhookByTheOlderNameInASendIsMade(string wireName, string member, string scheme)
    {
        var wire = Wires.Of(wireName, Client);
        var authentication = $$"""{"{{member}}":{{scheme}},"credentials":"c"}""";
        var webhook = $$"""{"id":"mine","url":"{{Url}}","authentication":{{authentication}}}""";
        var message = $$"""{"messageId":"{{Guid.NewGuid()}}","role":"ROLE_USER","parts":[{"text":"echo:x"}]}""";
        var send = $$$"""{"message":{{{message}}},"configuration":{"pushNotificationConfig":{{{webhook}}}}}""";

        var taskId = wire.TaskOf((await wire.AskAsync(Request(wire, "SendMessage", "/message:send", send))).Result).GetProperty("id")
            .GetString()!;

        var only = Assert.Single(wire.ConfigsOf((await wire.AskAsync(wire.ListConfigsRequest(taskId))).Result));
        Assert.Equal(
            $$$"""{"id":"mine","taskId":"{{{taskId}}}","url":"{{{Url}}}","authentication":{{{Authentication}}}}""", only.GetRawText());
    }

    [Theory]
    [InlineData("JSON-RPC 1.0")]
    [InlineData("HTTP+JSON 1.0")]
    public async Task AWebhookByTheOlderNameInASendIsValidatedLikeAnyOther(string wireName)
    {
        var wire = Wires.Of(wireName, Client);
        var send = """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"echo:x"}]},"configuration":{"pushNotificationConfig":{"url":"nowhere"}}}""";

        var refused = await wire.AskAsync(Request(wire, "SendMessage", "/message:send", send));

        Assert.Equal(("INVALID_PARAMS", "configuration.taskPushNotificationConfig.url"), (refused.Reason, refused.Field));
    }

    [Fact]
    public async Task TheListHasTwoNames()
    {
        var wire = new JsonRpcWire(Client);
        var taskId = await wire.SendAsync("echo:x", new SendOptions { Webhook = Url });
        var parameters = $$"""{"taskId":"{{taskId}}"}""";

        var older = await wire.AskAsync(Request(wire, "ListTaskPushNotificationConfig", "", parameters));

        Assert.Equal(Url, Assert.Single(wire.ConfigsOf(older.Result)).GetProperty("url").GetString());
        Assert.Equal(
            (await wire.AskAsync(Request(wire, "ListTaskPushNotificationConfigs", "", parameters))).Result.GetRawText(),
            older.Result.GetRawText());
    }

    private static HttpRequestMessage Request(Wire wire, string method, string path, string body) => wire.IsJsonRpc
        ? RawHttp.Request("POST", "/", $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":{{body}}}""")
        : RawHttp.Request("POST", path, body, "application/json; charset=utf-8");
}
