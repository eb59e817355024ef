namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>The webhooks of a task.</summary>
/// <remarks>A2A 1.0, section 3.1.9.</remarks>
internal sealed record ListTaskPushNotificationConfigsResponse
{
    /// <summary>The configurations, in the order of their ids.</summary>
    public required IReadOnlyList<TaskPushNotificationConfig> Configs { get; init; }

    /// <summary>Where the next page begins; empty at the end.</summary>
    public required string NextPageToken { get; init; }
}
