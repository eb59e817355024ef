using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tasks.Log;

/// <summary>
/// One writer's hold on a task's log: what it knows of it, and the place of its next entry. An append that comes second is a conflict;
/// then this knowledge is out of date and the log has to be read again.
/// </summary>
internal sealed class TaskLog(ITaskStore store, IWebhooks webhooks, TimeProvider time, TaskSnapshot snapshot)
{
    private readonly List<LogEntry> _tail = [];
    private TaskSnapshot _snapshot = snapshot;

    /// <summary>The task's id.</summary>
    public string TaskId => _snapshot.Id;

    /// <summary>The number of the last event that this writer knows of.</summary>
    public long Seq { get; private set; } = snapshot.Seq;

    /// <summary>The state after that event.</summary>
    public TaskSnapshot Snapshot
    {
        get
        {
            if (_tail.Count > 0)
            {
                _snapshot = TaskFold.Apply(_snapshot, _tail);
                _tail.Clear();
            }

            return _snapshot;
        }
    }

    /// <summary>Appends the events as one entry, with the snapshot where they change more than artifacts.</summary>
    public async ValueTask<AppendOutcome> AppendAsync(
        IReadOnlyList<TaskEvent> events, CancellationToken cancellationToken, Webhook? webhook = null)
    {
        var entry = new LogEntry(Seq + 1, time.GetUtcMilliseconds(), events);
        var folded = NeedsSnapshot(events) ? TaskFold.Apply(Snapshot, entry) : null;
        if (folded is not null && webhook is not null && !folded.WebhookIds.Contains(webhook.Id))
            folded = folded with { WebhookIds = [.. folded.WebhookIds, webhook.Id] };
        var appended = new NewEntry { Task = _snapshot, Entry = entry, Snapshot = folded, Webhook = webhook };
        var outcome = await store.AppendAsync(appended, cancellationToken);
        if (outcome != AppendOutcome.Appended)
            return outcome;
        Seq = entry.Last;
        if (folded is not null)
            _snapshot = folded;
        else
            _tail.Add(entry);
        await webhooks.AppendedAsync(_snapshot, entry);
        return outcome;
    }

    /// <summary>Reads what others have appended; false when this writer's run does not hold the task any more.</summary>
    public async ValueTask<bool> CatchUpAsync(CancellationToken cancellationToken) =>
        await store.ReadAsync(owner: null, TaskId, cancellationToken) is { } read && CatchUp(read);

    /// <summary>
    /// Goes on from the task as it was read. While a run holds the task, others can only add messages to it; false when the run does not
    /// hold it any more.
    /// </summary>
    public bool CatchUp(TaskSnapshot read)
    {
        if (read.State.IsResting() || read.Lease?.RunId != Snapshot.Lease?.RunId)
            return false;
        if (read.Seq <= Seq)
            return true;
        // Nobody but the run renews its lease, and a renewal may be newer than what was read.
        _snapshot = read with { Lease = Snapshot.Lease };
        Seq = read.Seq;
        return true;
    }

    /// <summary>
    /// Extends the lease of this writer's run; false when it is lost. The renewal is no entry, so it is remembered here: otherwise the next
    /// snapshot would set the lease back to when it was taken.
    /// </summary>
    public async ValueTask<bool> RenewLeaseAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (Snapshot.Lease is not { } lease || !await store.RenewLeaseAsync(TaskId, lease.RunId, until, cancellationToken))
            return false;
        _snapshot = Snapshot with { Lease = lease with { Until = until } };
        return true;
    }

    /// <summary>Artifacts and checkpoints are read from the log again; all else is what polls, lists and workers look at first.</summary>
    private static bool NeedsSnapshot(IReadOnlyList<TaskEvent> events)
    {
        foreach (var taskEvent in events)
        {
            if (taskEvent is not (ArtifactUpdated or CheckpointSaved { HandOver: false }))
                return true;
        }

        return false;
    }
}
