namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A page of tasks.</summary>
internal sealed record WireTaskList
{
    public required IReadOnlyList<WireTask> Tasks { get; init; }

    public required string NextPageToken { get; init; }

    public required int PageSize { get; init; }

    public required int TotalSize { get; init; }
}
