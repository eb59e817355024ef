namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>Asks for one webhook of a task.</summary>
/// <remarks>A2A 1.0, section 3.1.8.</remarks>
internal sealed record GetTaskPushNotificationConfigRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; unset for the default one.</summary>
    public string? Tenant { get; init; }

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The configuration.</summary>
    public required string Id { get; init; }
}
