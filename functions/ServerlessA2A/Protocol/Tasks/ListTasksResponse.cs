namespace ServerlessA2A.Protocol.Tasks;

/// <summary>A page of tasks. All four members are always written.</summary>
/// <remarks>A2A 1.0, section 3.1.4.</remarks>
internal sealed record ListTasksResponse
{
    /// <summary>The tasks of this page.</summary>
    public required IReadOnlyList<A2ATask> Tasks { get; init; }

    /// <summary>Where the next page begins; empty at the end.</summary>
    public required string NextPageToken { get; init; }

    /// <summary>The page size that was used.</summary>
    public required int PageSize { get; init; }

    /// <summary>How many tasks there are in all that this caller may see and that pass the filters.</summary>
    public required int TotalSize { get; init; }
}
