using System.Text.Json;
using ServerlessA2A.Tests.Bindings.Harness.Grpc;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>gRPC: the requests of HTTP+JSON in the same version, which <see cref="GrpcTransport"/> sends as calls.</summary>
public sealed class GrpcWire(Wire json) : Wire(json.Client)
{
    public override bool IsV1 => json.IsV1;

    public override bool IsJsonRpc => false;

    /// <summary>0.3's service cannot list tasks.</summary>
    public override bool CanList => IsV1;

    /// <summary>0.3's messages have no tenants.</summary>
    public override bool HasTenants => IsV1;

    public override HttpRequestMessage SendRequest(string text, SendOptions options) => Call(json.SendRequest(text, options));

    public override HttpRequestMessage StreamRequest(string text, SendOptions options) => Call(json.StreamRequest(text, options));

    public override HttpRequestMessage GetRequest(string taskId, string? historyLength = null, string? tenant = null) =>
        Call(json.GetRequest(taskId, historyLength, tenant));

    public override HttpRequestMessage ListRequest(params (string Name, string Json)[] filters) => Call(json.ListRequest(filters));

    public override HttpRequestMessage CancelRequest(string taskId) => Call(json.CancelRequest(taskId));

    public override HttpRequestMessage SubscribeRequest(string taskId) => Call(json.SubscribeRequest(taskId));

    public override HttpRequestMessage CreateConfigRequest(string taskId, string url, string? id) =>
        Call(json.CreateConfigRequest(taskId, url, id));

    public override HttpRequestMessage GetConfigRequest(string taskId, string id) => Call(json.GetConfigRequest(taskId, id));

    public override HttpRequestMessage ListConfigsRequest(string taskId) => Call(json.ListConfigsRequest(taskId));

    public override HttpRequestMessage DeleteConfigRequest(string taskId, string id) => Call(json.DeleteConfigRequest(taskId, id));

    public override HttpRequestMessage ExtendedCardRequest() => Call(json.ExtendedCardRequest());

    public override JsonElement TaskOf(JsonElement sendResult) => json.TaskOf(sendResult);

    public override string StateOf(JsonElement task) => json.StateOf(task);

    public override (string Kind, JsonElement Content) EventOf(JsonElement result) => json.EventOf(result);

    public override JsonElement ConfigOf(JsonElement result) => json.ConfigOf(result);

    public override IEnumerable<JsonElement> ConfigsOf(JsonElement result) => json.ConfigsOf(result);

    public override string AnswerTypeOf(HttpRequestMessage? request) => json.AnswerTypeOf(request);

    public override Reply Read(HttpResponseMessage response, string body) => json.Read(response, body);

    private static HttpRequestMessage Call(HttpRequestMessage request)
    {
        request.Options.Set(GrpcTransport.Marker, true);
        return request;
    }
}
