using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>JSON-RPC in 0.3.</summary>
public sealed class JsonRpcV03Wire(HttpClient client) : JsonRpcWire(client)
{
    public override bool IsV1 => false;

    public override bool CanList => false;

    public override HttpRequestMessage SendRequest(string text, SendOptions options) => Rpc("message/send", Send(text, options));

    public override HttpRequestMessage StreamRequest(string text, SendOptions options) => Rpc("message/stream", Send(text, options));

    public override HttpRequestMessage GetRequest(string taskId, string? historyLength = null, string? tenant = null)
    {
        var body = new JsonObject { ["id"] = taskId };
        if (historyLength is not null)
            body["historyLength"] = JsonNode.Parse(historyLength);
        return Rpc("tasks/get", body);
    }

    public override HttpRequestMessage CancelRequest(string taskId) => Rpc("tasks/cancel", new JsonObject { ["id"] = taskId });

    public override HttpRequestMessage SubscribeRequest(string taskId) => Rpc("tasks/resubscribe", new JsonObject { ["id"] = taskId });

    public override HttpRequestMessage CreateConfigRequest(string taskId, string url, string? id)
    {
        var config = new JsonObject { ["url"] = url };
        if (id is not null)
            config["id"] = id;
        return Rpc("tasks/pushNotificationConfig/set", new JsonObject { ["taskId"] = taskId, ["pushNotificationConfig"] = config });
    }

    public override HttpRequestMessage GetConfigRequest(string taskId, string id) =>
        Rpc("tasks/pushNotificationConfig/get", new JsonObject { ["id"] = taskId, ["pushNotificationConfigId"] = id });

    public override HttpRequestMessage ListConfigsRequest(string taskId) =>
        Rpc("tasks/pushNotificationConfig/list", new JsonObject { ["id"] = taskId });

    public override HttpRequestMessage DeleteConfigRequest(string taskId, string id) =>
        Rpc("tasks/pushNotificationConfig/delete", new JsonObject { ["id"] = taskId, ["pushNotificationConfigId"] = id });

    public override HttpRequestMessage ExtendedCardRequest() => Rpc("agent/getAuthenticatedExtendedCard", null);

    public override JsonElement TaskOf(JsonElement sendResult)
    {
        Assert.Equal("task", sendResult.GetProperty("kind").GetString());
        return sendResult;
    }

    public override string StateOf(JsonElement task) =>
        task.GetProperty("status").GetProperty("state").GetString()!.Replace('-', '_').ToUpperInvariant();

    public override (string Kind, JsonElement Content) EventOf(JsonElement result)
    {
        var content = result.GetProperty("result");
        return (content.GetProperty("kind").GetString() switch
        {
            "status-update" => "statusUpdate",
            "artifact-update" => "artifactUpdate",
            var kind => kind!,
        }, content);
    }

    public override JsonElement ConfigOf(JsonElement result) => result.GetProperty("pushNotificationConfig");

    public override IEnumerable<JsonElement> ConfigsOf(JsonElement result) => result.EnumerateArray().Select(ConfigOf);

    private static JsonObject Send(string text, SendOptions options)
    {
        var message = new JsonObject
        {
            ["kind"] = "message",
            ["messageId"] = options.MessageId,
            ["role"] = "user",
            ["parts"] = new JsonArray(new JsonObject { ["kind"] = "text", ["text"] = text }),
        };
        if (options.TaskId is not null)
            message["taskId"] = options.TaskId;
        if (options.ContextId is not null)
            message["contextId"] = options.ContextId;
        var configuration = new JsonObject { ["blocking"] = options.Wait };
        if (options.HistoryLength is not null)
            configuration["historyLength"] = options.HistoryLength;
        if (options.Webhook is not null)
            configuration["pushNotificationConfig"] = new JsonObject { ["url"] = options.Webhook };
        return new JsonObject { ["message"] = message, ["configuration"] = configuration };
    }
}
