using System.Net;
using System.Text.Json;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Clients;

/// <summary>
/// The Java client prints the zero value of every field that has no presence in a2a.proto. Such a value means unset; where the proto says
/// <c>optional</c>, zero is a value.
/// </summary>
public sealed class JavaDefaultsTests(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    private const string Message =
        """
        {"messageId":"@","contextId":"","taskId":"","role":"ROLE_USER","parts":[{"text":"echo:x","filename":"","mediaType":""}],
        "extensions":[],"referenceTaskIds":[]}
        """;

    private const string Send =
        $$$"""{"tenant":"","message":{{{Message}}},"configuration":{"acceptedOutputModes":[],"returnImmediately":false}}""";

    private const string SendWithWebhook =
        $$$"""
        {"tenant":"","message":{{{Message}}},"configuration":{"acceptedOutputModes":[],"returnImmediately":false,
        "taskPushNotificationConfig":{"tenant":"","id":"","taskId":"","url":"https://example.com/hook","token":""}
        }}
        """;

    private const string SendWithoutHistory =
        """{"message":{"messageId":"@","role":"ROLE_USER","parts":[{"text":"echo:x"}]},"configuration":{"historyLength":0}}""";

    private const string List = """{"tenant":"","contextId":"","status":"TASK_STATE_UNSPECIFIED","pageToken":""}""";
    private const string Config = """{"tenant":"","id":"","taskId":"{id}","url":"https://example.com/hook","token":""}""";
    private const string Configs = """{"tenant":"","taskId":"{id}","pageSize":0,"pageToken":""}""";
    private const string OneConfig = """{"tenant":"","taskId":"{id}","id":"hook"}""";

    private const string OldSend =
        """
        {"message":{"kind":"message","messageId":"@","contextId":"","taskId":"","role":"user",
        "parts":[{"kind":"text","text":"echo:x","metadata":null}],"extensions":[],"referenceTaskIds":[],"metadata":null},
        "configuration":{"acceptedOutputModes":[],"historyLength":null,"pushNotificationConfig":null,"blocking":true},"metadata":null}
        """;

    private const string OldSendWithoutHistory =
        """{"message":{"messageId":"@","role":"user","parts":[{"text":"echo:x"}]},"configuration":{"historyLength":0}}""";

    private const string OldProtoSend =
        """
        {"request":{"messageId":"@","contextId":"","taskId":"","role":"ROLE_USER","content":[{"text":"echo:x"}],"extensions":[]},
        "configuration":{"acceptedOutputModes":[],"historyLength":0,"blocking":true}}
        """;

    private const string OldConfig =
        """
        {"taskId":"{id}","pushNotificationConfig":{"id":"","url":"https://example.com/hook","token":"","authentication":null}}
        """;

    private const string OldProtoConfig =
        """
        {"parent":"tasks/{id}","configId":"","config":{"name":"","pushNotificationConfig":{"id":"","url":"https://example.com/hook",
        "token":"","authentication":{"schemes":[],"credentials":""}}}}
        """;

    /// <summary>Requests with every default printed: HTTP method and path, or JSON-RPC method; and the body.</summary>
    public static TheoryData<string, string?> Requests => new()
    {
        { "SendMessage", Send },
        { "SendMessage", SendWithWebhook },
        { "SendStreamingMessage", Send },
        { "GetTask", """{"tenant":"","id":"{id}"}""" },
        { "ListTasks", List },
        { "ListTasks", """{"tenant":"","contextId":"","status":0,"pageToken":""}""" },
        { "CreateTaskPushNotificationConfig", Config },
        { "GetTaskPushNotificationConfig", OneConfig },
        { "ListTaskPushNotificationConfigs", Configs },
        { "DeleteTaskPushNotificationConfig", OneConfig },
        { "POST /message:send", Send },
        { "POST /message:send", SendWithWebhook },
        { "POST /message:stream", Send },
        { "GET /tasks/{id}?tenant=", null },
        { "GET /tasks?tenant=&contextId=&status=TASK_STATE_UNSPECIFIED&pageToken=", null },
        { "GET /tasks?context_id=&page_token=&status=0&statusTimestampAfter=&pageSize=&historyLength=&includeArtifacts=", null },
        { "POST /tasks/{id}/pushNotificationConfigs", Config },
        { "POST /tasks/{id}/pushNotificationConfigs", """{"tenant":"","id":"","taskId":"","url":"https://example.com/hook","token":""}""" },
        { "GET /tasks/{id}/pushNotificationConfigs/hook?tenant=", null },
        { "GET /tasks/{id}/pushNotificationConfigs?tenant=&pageSize=0&pageToken=", null },
        { "DELETE /tasks/{id}/pushNotificationConfigs/hook?tenant=", null },
        { "message/send", OldSend },
        { "message/stream", OldSend },
        { "tasks/get", """{"id":"{id}","historyLength":null,"metadata":null}""" },
        { "tasks/pushNotificationConfig/set", OldConfig },
        { "tasks/pushNotificationConfig/get", """{"id":"{id}","pushNotificationConfigId":"","metadata":null}""" },
        { "tasks/pushNotificationConfig/list", """{"id":"{id}","metadata":null}""" },
        { "POST /v1/message:send", OldProtoSend },
        { "POST /v1/message:stream", OldProtoSend },
        { "GET /v1/tasks?contextId=&status=TASK_STATE_UNSPECIFIED&pageToken=", null },
        { "POST /v1/tasks/{id}/pushNotificationConfigs", OldProtoConfig },
        { "GET /v1/tasks/{id}/pushNotificationConfigs?pageSize=0&pageToken=", null },
    };

    private HttpClient Client => fixture.Host.Client;

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task DefaultsMeanUnset(string what, string? body)
    {
        var wire = new JsonRpcWire(Client);
        var taskId = await wire.SendAsync("echo:mine");
        foreach (var id in (string[])["hook", "default"])
            Assert.Null((await wire.AskAsync(wire.CreateConfigRequest(taskId, "https://example.com/hook", id))).ErrorCode);

        var (response, answer) = await Client.ExchangeAsync(Request(what, body, taskId));

        Assert.True(response.StatusCode == HttpStatusCode.OK && !answer.Contains("\"error\"", StringComparison.Ordinal), answer);
        if (what.StartsWith("ListTasks", StringComparison.Ordinal) || what.StartsWith("GET /tasks?", StringComparison.Ordinal))
            Assert.Contains(taskId, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CancelTask", """{"tenant":"","id":"{id}","metadata":{}}""")]
    [InlineData("POST /tasks/{id}:cancel", """{"tenant":"","id":"","metadata":{}}""")]
    [InlineData("tasks/cancel", """{"id":"{id}","metadata":null}""")]
    [InlineData("POST /v1/tasks/{id}:cancel", """{"name":"","id":""}""")]
    public async Task ACancelMayPrintItsDefaults(string what, string body)
    {
        var taskId = await new JsonRpcWire(Client).SendAsync($"hold:{Guid.NewGuid()}", new SendOptions { Wait = false });

        var (response, answer) = await Client.ExchangeAsync(Request(what, body, taskId));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("cancel", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(taskId, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SubscribeToTask", """{"tenant":"","id":"{id}"}""")]
    [InlineData("POST /tasks/{id}:subscribe", """{"tenant":"","id":""}""")]
    [InlineData("GET /tasks/{id}:subscribe?tenant=", null)]
    [InlineData("tasks/resubscribe", """{"id":"{id}","metadata":null}""")]
    [InlineData("POST /v1/tasks/{id}:subscribe", """{"name":"","id":""}""")]
    public async Task ASubscriptionMayPrintItsDefaults(string what, string? body)
    {
        var gate = Guid.NewGuid().ToString();
        var taskId = await new JsonRpcWire(Client).SendAsync($"hold:{gate}", new SendOptions { Wait = false });

        using var stream = await Client.StreamAsync(Request(what, body, taskId));

        Assert.Contains(taskId, (await stream.ReadAsync())!.Data, StringComparison.Ordinal);
        fixture.Host.Agent.Release(gate);
        await stream.ReadToEndAsync();
    }

    /// <summary>0.3's proto file gives <c>history_length</c> no presence; 1.0's and JSON-RPC's schema do.</summary>
    [Theory]
    [InlineData("SendMessage", SendWithoutHistory, false)]
    [InlineData("POST /message:send", SendWithoutHistory, false)]
    [InlineData("message/send", OldSendWithoutHistory, false)]
    [InlineData("POST /v1/message:send", OldProtoSend, true)]
    public async Task AHistoryLengthOf0IsAValueWhereItHasPresence(string what, string body, bool hasHistory)
    {
        var (_, answer) = await Client.ExchangeAsync(Request(what, body, taskId: ""));

        Assert.Contains("\"status\"", answer, StringComparison.Ordinal);
        Assert.Equal(hasHistory, answer.Contains("\"history\"", StringComparison.Ordinal));
    }

    private static HttpRequestMessage Request(string what, string? body, string taskId)
    {
        var text = body?.Replace("{id}", taskId, StringComparison.Ordinal)
            .Replace("@", Guid.NewGuid().ToString(), StringComparison.Ordinal);
        var space = what.IndexOf(' ', StringComparison.Ordinal);
        return space < 0
            ? RawHttp.Request("POST", "/", $$"""{"jsonrpc":"2.0","id":7,"method":{{JsonSerializer.Serialize(what)}},"params":{{text}}}""")
            : RawHttp.Request(what[..space], what[(space + 1)..].Replace("{id}", taskId, StringComparison.Ordinal), text);
    }
}
