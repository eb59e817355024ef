using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks;

/// <summary>Selects the tasks of an owner that are listed.</summary>
public sealed record TaskQuery
{
    /// <summary>Whose tasks.</summary>
    public required string Owner { get; init; }

    /// <summary>Only tasks of this context.</summary>
    public string? ContextId { get; init; }

    /// <summary>Only tasks in this state.</summary>
    public TaskState? State { get; init; }

    /// <summary>Only tasks whose status changed at this moment or later.</summary>
    public DateTimeOffset? StatusSince { get; init; }

    /// <summary>The maximum number of tasks on the page.</summary>
    public required int PageSize { get; init; }

    /// <summary>
    /// The maximum size of the page in bytes (<see cref="TaskSnapshot.Size"/>), but one task in any case: a hundred of the largest would be
    /// more than an
    /// instance holds. Default: 16 MiB.
    /// </summary>
    public long MaxSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>Only tasks after this position in the order.</summary>
    public TaskCursor? After { get; init; }

    /// <summary>
    /// Whether tasks that were answered with a message (<see cref="TaskSnapshot.IsReplied"/>) are listed too. For the agent's memory of a
    /// context only: stores need no index for other filters with it. Default: false.
    /// </summary>
    public bool IncludesReplied { get; init; }

    /// <summary>Whether all tasks that pass the filters are counted, which may cost a read of its own. Default: true.</summary>
    public bool IsCounted { get; init; } = true;
}

/// <summary>
/// A position in the order of a list: newest status first, then longest retention, then descending id.
/// </summary>
/// <param name="StatusAt">When the status of the previous task changed.</param>
/// <param name="ExpireAt">Until when the previous task is retained.</param>
/// <param name="TaskId">The id of the previous task.</param>
public sealed record TaskCursor(DateTimeOffset StatusAt, DateTimeOffset ExpireAt, string TaskId);

/// <summary>A page of a list.</summary>
/// <param name="Tasks">The tasks of this page, folded to the end of their last change of status.</param>
/// <param name="Next">
/// Where the next page begins; null at the end. A page that is full by its size has one, however few its tasks are.
/// </param>
/// <param name="TotalSize">How many tasks the owner has in all that pass the filters; 0 where they were not to be counted.</param>
public sealed record TaskPage(IReadOnlyList<TaskSnapshot> Tasks, TaskCursor? Next, int TotalSize);
