using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>HTTP+JSON in 1.0.</summary>
public sealed class HttpJsonWire(HttpClient client) : Wire(client)
{
    private const string A2AJson = "application/a2a+json";

    public override bool IsV1 => true;

    public override bool IsJsonRpc => false;

    public override HttpRequestMessage SendRequest(string text, SendOptions options) => Post("/message:send", V1Bodies.Send(text, options));

    public override HttpRequestMessage StreamRequest(string text, SendOptions options) =>
        Post("/message:stream", V1Bodies.Send(text, options));

    public override HttpRequestMessage GetRequest(string taskId, string? historyLength = null, string? tenant = null) =>
        RawHttp.Request(
            "GET",
            $"{(tenant is null ? "" : $"/{tenant}")}/tasks/{taskId}{(historyLength is null ? "" : $"?historyLength={historyLength}")}");

    public override HttpRequestMessage ListRequest(params (string Name, string Json)[] filters) =>
        RawHttp.Request(
            "GET", "/tasks?" + string.Join('&', filters.Select(filter => $"{filter.Name}={Uri.EscapeDataString(filter.Json.Trim('"'))}")));

    public override HttpRequestMessage CancelRequest(string taskId) => RawHttp.Request("POST", $"/tasks/{taskId}:cancel");

    public override HttpRequestMessage SubscribeRequest(string taskId) => RawHttp.Request("POST", $"/tasks/{taskId}:subscribe");

    public override HttpRequestMessage CreateConfigRequest(string taskId, string url, string? id) =>
        Post($"/tasks/{taskId}/pushNotificationConfigs", V1Bodies.Config(taskId, url, id));

    public override HttpRequestMessage GetConfigRequest(string taskId, string id) =>
        RawHttp.Request("GET", $"/tasks/{taskId}/pushNotificationConfigs/{id}");

    public override HttpRequestMessage ListConfigsRequest(string taskId) =>
        RawHttp.Request("GET", $"/tasks/{taskId}/pushNotificationConfigs");

    public override HttpRequestMessage DeleteConfigRequest(string taskId, string id) =>
        RawHttp.Request("DELETE", $"/tasks/{taskId}/pushNotificationConfigs/{id}");

    public override HttpRequestMessage ExtendedCardRequest() => RawHttp.Request("GET", "/extendedAgentCard");

    public override JsonElement TaskOf(JsonElement sendResult) => sendResult.GetProperty("task");

    public override string StateOf(JsonElement task) => V1Bodies.StateOf(task);

    public override (string Kind, JsonElement Content) EventOf(JsonElement result) => V1Bodies.EventOf(result);

    public override JsonElement ConfigOf(JsonElement result) => result;

    public override IEnumerable<JsonElement> ConfigsOf(JsonElement result) => result.GetProperty("configs").EnumerateArray();

    /// <summary>That of its own body.</summary>
    public override string AnswerTypeOf(HttpRequestMessage? request) =>
        request?.Content?.Headers.ContentType?.MediaType == A2AJson ? A2AJson : "application/json";

    public override Reply Read(HttpResponseMessage response, string body)
    {
        Assert.Equal(AnswerTypeOf(response.RequestMessage), response.Content.Headers.ContentType?.ToString());
        var json = body.Json();
        if (response.IsSuccessStatusCode)
            return new Reply(response.StatusCode, json, null, null, default);
        var error = json.GetProperty("error");
        Assert.Equal((int)response.StatusCode, error.GetProperty("code").GetInt32());
        return new Reply(
            response.StatusCode, default, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString(),
            error.GetProperty("details"));
    }

    private static HttpRequestMessage Post(string path, JsonObject body) =>
        RawHttp.Request("POST", path, body.ToJsonString(), A2AJson);
}
