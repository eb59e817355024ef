using System.Text.Json;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Delete Push Notification Config (section 3.1.10). Its result is empty.</summary>
internal sealed class DeleteTaskPushNotificationConfig(WebhookRegistry webhooks)
    : UnaryOperation<DeleteTaskPushNotificationConfigRequest, bool>
{
    protected override string? TenantOf(DeleteTaskPushNotificationConfigRequest request) => request.Tenant;

    protected override async Task<bool> InvokeAsync(Exchange exchange, CallContext call, DeleteTaskPushNotificationConfigRequest request)
    {
        await webhooks.DeleteAsync(call, request, exchange.Aborted);
        return true;
    }

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, bool result) =>
        wire.WriteDeletedTaskPushNotificationConfig(writer);
}
