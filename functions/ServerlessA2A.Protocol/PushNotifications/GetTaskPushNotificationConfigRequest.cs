namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>A request for one webhook of a task.</summary>
/// <remarks>A2A 1.0, section 3.1.8.</remarks>
internal sealed record GetTaskPushNotificationConfigRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; null for the default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The webhook's id.</summary>
    public required string Id { get; init; }
}
