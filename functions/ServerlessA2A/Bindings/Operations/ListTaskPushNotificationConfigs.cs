using System.Text.Json;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>List Push Notification Configs (section 3.1.9).</summary>
internal sealed class ListTaskPushNotificationConfigs(WebhookRegistry webhooks)
    : UnaryOperation<ListTaskPushNotificationConfigsRequest, ListTaskPushNotificationConfigsResponse>
{
    protected override string? TenantOf(ListTaskPushNotificationConfigsRequest request) => request.Tenant;

    protected override Task<ListTaskPushNotificationConfigsResponse> InvokeAsync(
        Exchange exchange, CallContext call, ListTaskPushNotificationConfigsRequest request) =>
        webhooks.ListAsync(call, request, exchange.Aborted);

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, ListTaskPushNotificationConfigsResponse result) =>
        wire.WriteTaskPushNotificationConfigs(writer, result);
}
