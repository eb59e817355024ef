namespace ServerlessA2A.Protocol.Tasks;

/// <summary>Asks for a task as it stands.</summary>
/// <remarks>A2A 1.0, section 3.1.3.</remarks>
internal sealed record GetTaskRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; unset for the default one.</summary>
    public string? Tenant { get; init; }

    /// <summary>The task.</summary>
    public required string Id { get; init; }

    /// <summary>At most so many of the newest messages; null for all, 0 for none.</summary>
    public int? HistoryLength { get; init; }
}
