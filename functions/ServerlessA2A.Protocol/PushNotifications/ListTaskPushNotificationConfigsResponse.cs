namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>The webhooks of a task.</summary>
/// <remarks>A2A 1.0, section 3.1.9.</remarks>
internal sealed record ListTaskPushNotificationConfigsResponse
{
    /// <summary>The webhooks, ordered by id.</summary>
    public required IReadOnlyList<TaskPushNotificationConfig> Configs { get; init; }

    /// <summary>The token of the next page; empty on the last page.</summary>
    public required string NextPageToken { get; init; }
}
