using System.Text.Json;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Get Push Notification Config (section 3.1.8).</summary>
internal sealed class GetTaskPushNotificationConfig(WebhookRegistry webhooks)
    : UnaryOperation<GetTaskPushNotificationConfigRequest, TaskPushNotificationConfig>
{
    protected override string? TenantOf(GetTaskPushNotificationConfigRequest request) => request.Tenant;

    protected override Task<TaskPushNotificationConfig> InvokeAsync(
        Exchange exchange, CallContext call, GetTaskPushNotificationConfigRequest request) =>
        webhooks.GetAsync(call, request, exchange.Aborted);

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, TaskPushNotificationConfig result) =>
        wire.WriteTaskPushNotificationConfig(writer, result);
}
