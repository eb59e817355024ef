namespace ServerlessA2A.Protocol.Tasks;

/// <summary>Asks for the caller's tasks, newest status first.</summary>
/// <remarks>A2A 1.0, section 3.1.4.</remarks>
internal sealed record ListTasksRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; unset for the default one.</summary>
    public string? Tenant { get; init; }

    /// <summary>Only tasks of this conversation.</summary>
    public string? ContextId { get; init; }

    /// <summary>Only tasks in this state.</summary>
    /// <remarks>The field has no presence in a2a.proto, so TASK_STATE_UNSPECIFIED is unset.</remarks>
    public TaskState? Status { get; init => field = value is TaskState.Unspecified ? null : value; }

    /// <summary>Tasks in a page: 1 to 100, 50 where unset.</summary>
    public int? PageSize { get; init; }

    /// <summary>Where to go on: the nextPageToken of the page before.</summary>
    public string? PageToken { get; init; }

    /// <summary>At most so many of the newest messages for each task; null for all, 0 for none.</summary>
    public int? HistoryLength { get; init; }

    /// <summary>Only tasks whose status is of this moment or later.</summary>
    public DateTimeOffset? StatusTimestampAfter { get; init; }

    /// <summary>True: with artifacts. They are left out unless asked for.</summary>
    public bool? IncludeArtifacts { get; init; }
}
