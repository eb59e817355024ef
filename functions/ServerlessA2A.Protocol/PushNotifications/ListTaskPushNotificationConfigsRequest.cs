namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>A request for the webhooks of a task.</summary>
/// <remarks>A2A 1.0, section 3.1.9.</remarks>
internal sealed record ListTaskPushNotificationConfigsRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; null for the default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The page size; null for all webhooks.</summary>
    /// <remarks>The field has no presence in a2a.proto, so 0 is unset.</remarks>
    public int? PageSize { get; init => field = value is 0 ? null : value; }

    /// <summary>The nextPageToken of the previous page.</summary>
    public string? PageToken { get; init; }
}
