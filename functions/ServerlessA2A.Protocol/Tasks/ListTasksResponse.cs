namespace ServerlessA2A.Protocol.Tasks;

/// <summary>A page of tasks. All four members are always written.</summary>
/// <remarks>A2A 1.0, section 3.1.4.</remarks>
internal sealed record ListTasksResponse
{
    /// <summary>The tasks of this page.</summary>
    public required IReadOnlyList<A2ATask> Tasks { get; init; }

    /// <summary>The token of the next page; empty on the last page.</summary>
    public required string NextPageToken { get; init; }

    /// <summary>The page size.</summary>
    public required int PageSize { get; init; }

    /// <summary>The total number of the caller's tasks that pass the filters.</summary>
    public required int TotalSize { get; init; }
}
