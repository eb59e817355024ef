using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Tasks;

/// <summary>A webhook as it is stored.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Id">The configuration's id, unique within the task.</param>
/// <param name="Config">What the client has configured, with both ids.</param>
/// <param name="Version">The version of the protocol that made it: its deliveries speak that one.</param>
public sealed record Webhook(string TaskId, string Id, TaskPushNotificationConfig Config, ProtocolVersion Version)
{
    /// <summary>
    /// The trace of the request that creates the webhook, as a W3C <c>traceparent</c>; null for none. A store begins the state of the
    /// deliveries with it (<see cref="Webhooks.DeliveryState.TraceParent"/>) and does not return it here.
    /// </summary>
    public string? TraceParent { get; init; }
}
