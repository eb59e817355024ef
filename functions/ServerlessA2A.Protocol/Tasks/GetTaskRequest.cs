namespace ServerlessA2A.Protocol.Tasks;

/// <summary>A request for the current task.</summary>
/// <remarks>A2A 1.0, section 3.1.3.</remarks>
internal sealed record GetTaskRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; null for the default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The task.</summary>
    public required string Id { get; init; }

    /// <summary>The number of newest messages; null for all, 0 for none.</summary>
    public int? HistoryLength { get; init; }
}
