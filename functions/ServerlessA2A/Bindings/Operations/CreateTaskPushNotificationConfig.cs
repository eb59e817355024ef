using System.Text.Json;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Create Push Notification Config (section 3.1.7).</summary>
internal sealed class CreateTaskPushNotificationConfig(WebhookRegistry webhooks)
    : UnaryOperation<TaskPushNotificationConfig, TaskPushNotificationConfig>
{
    protected override string? TenantOf(TaskPushNotificationConfig request) => request.Tenant;

    protected override Task<TaskPushNotificationConfig> InvokeAsync(
        Exchange exchange, CallContext call, TaskPushNotificationConfig request) =>
        webhooks.CreateAsync(call, request, exchange.Aborted);

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, TaskPushNotificationConfig result) =>
        wire.WriteTaskPushNotificationConfig(writer, result);
}
