using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>List Push Notification Configs (section 3.1.9).</summary>
internal sealed class ListTaskPushNotificationConfigs(WebhookRegistry webhooks)
    : UnaryOperation<ListTaskPushNotificationConfigsRequest, ListTaskPushNotificationConfigsResponse>
{
    protected override ListTaskPushNotificationConfigsRequest ReadParams(WireFormat wire, ReadOnlyMemory<byte> json) =>
        wire.ReadListTaskPushNotificationConfigs(json);

    protected override ListTaskPushNotificationConfigsRequest ReadHttp(Exchange exchange) => new()
    {
        TaskId = exchange.Route!.TaskId!,
        PageSize = exchange.Query.Integer("pageSize"),
        PageToken = exchange.Query.Text("pageToken"),
        Tenant = exchange.Query.Text("tenant"),
    };

    protected override string? TenantOf(ListTaskPushNotificationConfigsRequest request) => request.Tenant;

    protected override Task<ListTaskPushNotificationConfigsResponse> InvokeAsync(
        Exchange exchange, CallContext call, ListTaskPushNotificationConfigsRequest request) =>
        webhooks.ListAsync(call, request, exchange.Http.RequestAborted);

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, ListTaskPushNotificationConfigsResponse result) =>
        wire.WriteTaskPushNotificationConfigs(writer, result);
}
