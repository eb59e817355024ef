using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Tasks;

/// <summary>
/// One writer's view of a task's log: what it has read, and the position of its next entry. Of two writers at one position, the second gets
/// a conflict and has to read the log again.
/// </summary>
internal sealed class TaskLog(ITaskStore store, IWebhooks webhooks, TimeProvider time, TaskSnapshot snapshot)
{
    private readonly List<LogEntry> _tail = [];
    private TaskSnapshot _snapshot = snapshot;
    private bool _isFirstEventPast;

    /// <summary>The task's id.</summary>
    public string TaskId => _snapshot.Id;

    /// <summary>The sequence number of the last event that this writer has read or appended.</summary>
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
        if (folded is not null && events is [MessageReceived])
            folded = folded with { TraceParent = EngineSpans.TraceParent };
        var appended = new NewEntry { Task = _snapshot, Entry = entry, Snapshot = folded, Webhook = webhook };
        var outcome = await store.AppendAsync(appended, cancellationToken);
        if (outcome != AppendOutcome.Appended)
            return outcome;
        Observe(entry);
        Seq = entry.Last;
        if (folded is not null)
            _snapshot = folded;
        else
            _tail.Add(entry);
        await webhooks.AppendedAsync(_snapshot, entry);
        return outcome;
    }

    /// <summary>Reads what others have appended; false when this writer's run no longer holds the lease.</summary>
    public async ValueTask<bool> CatchUpAsync(CancellationToken cancellationToken) =>
        await store.ReadAsync(owner: null, TaskId, cancellationToken) is { } read && CatchUp(read);

    /// <summary>
    /// Continues from the task as it was read. While a run holds the lease, others can only add messages and wake it. False when the run
    /// no longer holds it.
    /// </summary>
    public bool CatchUp(TaskSnapshot read)
    {
        if (read.State.IsTerminalOrInterrupted() || read.Lease?.RunId != Snapshot.Lease?.RunId)
            return false;
        if (read.Seq <= Seq)
            return true;
        // Only the run renews its lease, and a renewal may be newer than what was read.
        _snapshot = read with { Lease = Snapshot.Lease };
        Seq = read.Seq;
        return true;
    }

    /// <summary>
    /// Renews the lease of this writer's run; false when it is lost. A renewal is no entry, so it is remembered here: otherwise the next
    /// snapshot would reset the lease to its first expiry.
    /// </summary>
    public async ValueTask<bool> RenewLeaseAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (Snapshot.Lease is not { } lease || !await store.RenewLeaseAsync(TaskId, lease.RunId, until, cancellationToken))
            return false;
        _snapshot = Snapshot with { Lease = lease with { Until = until } };
        return true;
    }

    /// <summary>The entries of the log from the first one, then those that are appended, until cancelled.</summary>
    public IAsyncEnumerable<LogEntry> WatchAsync(CancellationToken cancellationToken) => store.WatchAsync(TaskId, 0, cancellationToken);

    /// <inheritdoc cref="ITaskStore.WaitForRunChangeAsync"/>
    public Task<TaskSnapshot?> WaitForRunChangeAsync(string runId, int knownMessages, CancellationToken cancellationToken) =>
        store.WaitForRunChangeAsync(TaskId, runId, knownMessages, cancellationToken);

    /// <summary>Measures what an entry means that follows on the current snapshot.</summary>
    private void Observe(LogEntry entry)
    {
        foreach (var taskEvent in entry.Events)
        {
            TaskState? reached = taskEvent switch
            {
                StatusChanged changed => changed.State,
                RunStarted { FromSubmitted: true } => TaskState.Working,
                Replied => TaskState.Completed,
                _ => null,
            };
            if (reached is { } state && state != _snapshot.State)
                EngineMetrics.StateReached(TaskStateNames.ToName(state), state.IsTerminal() ? entry.At - _snapshot.CreatedAt : null);
        }

        if (EngineMetrics.MeasuresFirstEvent && !_isFirstEventPast && entry.Events.Any(IsAgents))
        {
            _isFirstEventPast = true;
            if (Snapshot is { State: TaskState.Working, Task: { Artifacts: null or { Count: 0 }, Status.Message: null } task } before &&
                (task.History ?? []).All(message => message.Role == Role.User))
                EngineMetrics.FirstEventAfter(entry.At - before.CreatedAt);
        }
    }

    private static bool IsAgents(TaskEvent taskEvent) =>
        taskEvent is ArtifactUpdated or Replied or StatusChanged { State: not TaskState.Canceled };

    /// <summary>
    /// Artifacts and checkpoints can be read from the log; everything else is read from the snapshot by polls, lists and workers.
    /// </summary>
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
