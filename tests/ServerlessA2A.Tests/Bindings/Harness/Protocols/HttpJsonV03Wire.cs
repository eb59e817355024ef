using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>HTTP+JSON in 0.3: the JSON of its proto file.</summary>
public sealed class HttpJsonV03Wire(HttpClient client) : Wire(client)
{
    public override bool IsV1 => false;

    public override bool IsJsonRpc => false;

    public override HttpRequestMessage SendRequest(string text, SendOptions options) =>
        Post("/message:send", Send(text, options), options.Tenant);

    public override HttpRequestMessage StreamRequest(string text, SendOptions options) =>
        Post("/message:stream", Send(text, options), options.Tenant);

    public override HttpRequestMessage GetRequest(string taskId, string? historyLength = null, string? tenant = null) =>
        RawHttp.Request(
            "GET",
            $"{(tenant is null ? "" : $"/{tenant}")}/v1/tasks/{taskId}{(historyLength is null ? "" : $"?historyLength={historyLength}")}");

    public override HttpRequestMessage ListRequest(params (string Name, string Json)[] filters) =>
        RawHttp.Request(
            "GET", "/v1/tasks?" +
            string.Join('&', filters.Select(filter => $"{filter.Name}={Uri.EscapeDataString(filter.Json.Trim('"'))}")));

    public override HttpRequestMessage CancelRequest(string taskId) => RawHttp.Request("POST", $"/v1/tasks/{taskId}:cancel");

    public override HttpRequestMessage SubscribeRequest(string taskId) => RawHttp.Request("GET", $"/v1/tasks/{taskId}:subscribe");

    public override HttpRequestMessage CreateConfigRequest(string taskId, string url, string? id)
    {
        var config = new JsonObject { ["url"] = url };
        if (id is not null)
            config["id"] = id;
        return Post($"/tasks/{taskId}/pushNotificationConfigs", new JsonObject
        {
            ["config"] = new JsonObject { ["pushNotificationConfig"] = config },
        });
    }

    public override HttpRequestMessage GetConfigRequest(string taskId, string id) =>
        RawHttp.Request("GET", $"/v1/tasks/{taskId}/pushNotificationConfigs/{id}");

    public override HttpRequestMessage ListConfigsRequest(string taskId) =>
        RawHttp.Request("GET", $"/v1/tasks/{taskId}/pushNotificationConfigs");

    public override HttpRequestMessage DeleteConfigRequest(string taskId, string id) =>
        RawHttp.Request("DELETE", $"/v1/tasks/{taskId}/pushNotificationConfigs/{id}");

    public override HttpRequestMessage ExtendedCardRequest() => RawHttp.Request("GET", "/v1/card");

    public override JsonElement TaskOf(JsonElement sendResult) => sendResult.GetProperty("task");

    public override string StateOf(JsonElement task) =>
        V1Bodies.StateOf(task) is "CANCELLED" ? "CANCELED" : V1Bodies.StateOf(task);

    public override (string Kind, JsonElement Content) EventOf(JsonElement result) => V1Bodies.EventOf(result);

    public override JsonElement ConfigOf(JsonElement result) => result.GetProperty("pushNotificationConfig");

    public override IEnumerable<JsonElement> ConfigsOf(JsonElement result) =>
        result.GetProperty("configs").EnumerateArray().Select(ConfigOf);

    public override Reply Read(HttpResponseMessage response, string body)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        var json = body.Json();
        return response.IsSuccessStatusCode
            ? new Reply(response.StatusCode, json, null, null, default)
            : new Reply(response.StatusCode, default, json.GetProperty("code").GetInt32(), json.GetProperty("message").GetString(),
                json.GetProperty("data"));
    }

    private static JsonObject Send(string text, SendOptions options)
    {
        var message = new JsonObject
        {
            ["messageId"] = options.MessageId,
            ["role"] = "ROLE_USER",
            ["content"] = new JsonArray(new JsonObject { ["text"] = text }),
        };
        if (options.TaskId is not null)
            message["taskId"] = options.TaskId;
        if (options.ContextId is not null)
            message["contextId"] = options.ContextId;
        var configuration = new JsonObject { ["blocking"] = options.Wait };
        if (options.HistoryLength is not null)
            configuration["historyLength"] = options.HistoryLength;
        if (options.Webhook is not null)
            configuration["pushNotification"] = new JsonObject { ["url"] = options.Webhook };
        return new JsonObject { ["request"] = message, ["configuration"] = configuration };
    }

    private static HttpRequestMessage Post(string path, JsonObject body, string? tenant = null) =>
        RawHttp.Request("POST", $"{(tenant is null ? "" : $"/{tenant}")}/v1{path}", body.ToJsonString());
}
