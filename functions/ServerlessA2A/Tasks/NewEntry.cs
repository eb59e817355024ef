using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks;

/// <summary>What is stored, in one step, when an entry is appended to a task's log.</summary>
public sealed record NewEntry
{
    /// <summary>The task as the writer read it, at its last change of status or later.</summary>
    public required TaskSnapshot Task { get; init; }

    /// <summary>The entry: its first number is one more than the newest event that the writer has read.</summary>
    public required LogEntry Entry { get; init; }

    /// <summary>
    /// The state after the entry, which replaces the stored snapshot. Null only where the entry changes nothing but artifacts and
    /// checkpoints and a run holds the task: readers look for such entries only then.
    /// </summary>
    public TaskSnapshot? Snapshot { get; init; }

    /// <summary>The webhook that came with the message, if one did.</summary>
    public Webhook? Webhook { get; init; }

    /// <summary>
    /// Whether the stored lease is kept, because the entry is not the holder's: the holder may have renewed the lease since the writer read
    /// the task.
    /// </summary>
    public bool KeepsLease => Task.Lease is not null && Entry.Events is [MessageAdded or Woken];

    /// <summary>The task's id.</summary>
    public string TaskId => Task.Id;
}
