namespace ServerlessA2A.Protocol.Tasks;

/// <summary>A request for the caller's tasks, newest status first.</summary>
/// <remarks>A2A 1.0, section 3.1.4.</remarks>
public sealed record ListTasksRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; null for the default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Only tasks of this conversation.</summary>
    public string? ContextId { get; init; }

    /// <summary>Only tasks in this state.</summary>
    /// <remarks>The field has no presence in a2a.proto, so TASK_STATE_UNSPECIFIED is unset.</remarks>
    public TaskState? Status { get; init => field = value is TaskState.Unspecified ? null : value; }

    /// <summary>The page size: 1 to 100. Default: 50.</summary>
    public int? PageSize { get; init; }

    /// <summary>The nextPageToken of the previous page.</summary>
    public string? PageToken { get; init; }

    /// <summary>The number of newest messages per task; null for all, 0 for none.</summary>
    public int? HistoryLength { get; init; }

    /// <summary>Only tasks with a status of this time or later.</summary>
    public DateTimeOffset? StatusTimestampAfter { get; init; }

    /// <summary>Whether to include artifacts. Default: false.</summary>
    public bool? IncludeArtifacts { get; init; }
}
