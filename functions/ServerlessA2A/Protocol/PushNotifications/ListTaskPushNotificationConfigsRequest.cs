namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>Asks for the webhooks of a task.</summary>
/// <remarks>A2A 1.0, section 3.1.9.</remarks>
internal sealed record ListTaskPushNotificationConfigsRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; unset for the default one.</summary>
    public string? Tenant { get; init; }

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Configurations in a page; all where unset.</summary>
    /// <remarks>The field has no presence in a2a.proto, so 0 is unset.</remarks>
    public int? PageSize { get; init => field = value is 0 ? null : value; }

    /// <summary>Where to go on: the nextPageToken of the page before.</summary>
    public string? PageToken { get; init; }
}
