using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>JSON-RPC in 1.0.</summary>
public class JsonRpcWire(HttpClient client) : Wire(client)
{
    public override bool IsV1 => true;

    public override bool IsJsonRpc => true;

    public override HttpRequestMessage SendRequest(string text, SendOptions options) => Rpc("SendMessage", V1Bodies.Send(text, options));

    public override HttpRequestMessage StreamRequest(string text, SendOptions options) =>
        Rpc("SendStreamingMessage", V1Bodies.Send(text, options));

    public override HttpRequestMessage GetRequest(string taskId, string? historyLength = null, string? tenant = null)
    {
        var body = new JsonObject { ["id"] = taskId };
        if (historyLength is not null)
            body["historyLength"] = JsonNode.Parse(historyLength);
        if (tenant is not null)
            body["tenant"] = tenant;
        return Rpc("GetTask", body);
    }

    public override HttpRequestMessage ListRequest(params (string Name, string Json)[] filters) =>
        Rpc("ListTasks", new JsonObject(filters.Select(filter => KeyValuePair.Create(filter.Name, JsonNode.Parse(filter.Json)))));

    public override HttpRequestMessage CancelRequest(string taskId) => Rpc("CancelTask", new JsonObject { ["id"] = taskId });

    public override HttpRequestMessage SubscribeRequest(string taskId) => Rpc("SubscribeToTask", new JsonObject { ["id"] = taskId });

    public override HttpRequestMessage CreateConfigRequest(string taskId, string url, string? id) =>
        Rpc("CreateTaskPushNotificationConfig", V1Bodies.Config(taskId, url, id));

    public override HttpRequestMessage GetConfigRequest(string taskId, string id) =>
        Rpc("GetTaskPushNotificationConfig", new JsonObject { ["taskId"] = taskId, ["id"] = id });

    public override HttpRequestMessage ListConfigsRequest(string taskId) =>
        Rpc("ListTaskPushNotificationConfigs", new JsonObject { ["taskId"] = taskId });

    public override HttpRequestMessage DeleteConfigRequest(string taskId, string id) =>
        Rpc("DeleteTaskPushNotificationConfig", new JsonObject { ["taskId"] = taskId, ["id"] = id });

    public override HttpRequestMessage ExtendedCardRequest() => Rpc("GetExtendedAgentCard", null);

    public override JsonElement TaskOf(JsonElement sendResult) => sendResult.GetProperty("task");

    public override string StateOf(JsonElement task) => V1Bodies.StateOf(task);

    public override (string Kind, JsonElement Content) EventOf(JsonElement result) => V1Bodies.EventOf(result.GetProperty("result"));

    public override JsonElement ConfigOf(JsonElement result) => result;

    public override IEnumerable<JsonElement> ConfigsOf(JsonElement result) => result.GetProperty("configs").EnumerateArray();

    public override Reply Read(HttpResponseMessage response, string body)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        var json = body.Json();
        Assert.Equal("2.0", json.GetProperty("jsonrpc").GetString());
        Assert.Equal(7, json.GetProperty("id").GetInt32());
        if (json.TryGetProperty("result", out var result))
            return new Reply(response.StatusCode, result, null, null, default);
        var error = json.GetProperty("error");
        return new Reply(
            response.StatusCode, default, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString(),
            error.GetProperty("data"));
    }

    protected static HttpRequestMessage Rpc(string method, JsonObject? parameters)
    {
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 7, ["method"] = method };
        if (parameters is not null)
            body["params"] = parameters;
        return RawHttp.Request("POST", "/", body.ToJsonString());
    }
}
