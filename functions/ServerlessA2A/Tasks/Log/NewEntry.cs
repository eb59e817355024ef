namespace ServerlessA2A.Tasks.Log;

/// <summary>What is stored, in one step, when a task goes on.</summary>
public sealed record NewEntry
{
    /// <summary>The task as the writer knows it, at its last change of status at least.</summary>
    public required TaskSnapshot Task { get; init; }

    /// <summary>What is appended: its first number is one more than the newest event that the writer has read.</summary>
    public required LogEntry Entry { get; init; }

    /// <summary>
    /// The state after the entry; it takes the place of the stored snapshot. Left out only where the entry changes nothing but artifacts and
    /// checkpoints and a run holds the task: readers look for such entries only then.
    /// </summary>
    public TaskSnapshot? Snapshot { get; init; }

    /// <summary>The webhook that came with the message, if one did.</summary>
    public Webhook? Webhook { get; init; }

    /// <summary>
    /// Whether the stored lease stays as it is, because the entry is not the holder's: the holder may have renewed it since the writer has
    /// read the task.
    /// </summary>
    public bool KeepsLease => Task.Lease is not null && Entry.Events is [MessageAdded];

    /// <summary>The task's id.</summary>
    public string TaskId => Task.Id;
}
