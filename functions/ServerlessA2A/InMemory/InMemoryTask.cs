using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.InMemory;

/// <summary>One task of the in-memory store. Its lock is the store's only one: writers of other tasks never wait.</summary>
internal sealed class InMemoryTask
{
    private readonly Lock _lock = new();
    private readonly List<LogEntry> _log;

    /// <summary>Most tasks have none.</summary>
    private SortedDictionary<string, DeliveryState>? _deliveries;
    private long _revisions;

    /// <summary>Since when its webhooks may not have been told everything; null for nothing to tell.</summary>
    private DateTimeOffset? _undeliveredSince;

    /// <summary>The number of the last event that came with a snapshot; that of <see cref="_snapshot"/> moves with each read.</summary>
    private long _statusSeq;
    private TaskSnapshot _snapshot;

    /// <summary>
    /// Until when the task counts as attended, where somebody has put it off; void with its next entry that has a snapshot.
    /// </summary>
    private DateTimeOffset? _postponed;
    private TaskCompletionSource? _changed;

    /// <summary>As <see cref="_changed"/>, for those who wait until the task needs no worker: most changes are none for them.</summary>
    private TaskCompletionSource? _rested;
    private bool _forgotten;

    public InMemoryTask(NewTask task)
    {
        Owner = task.Snapshot.Owner;
        ClaimedBy = task.ContentHash is null ? null : task.MessageId;
        _snapshot = task.Snapshot;
        _log = [task.First];
        _statusSeq = task.First.Last;
        if (task.Webhook is { } webhook)
            Put(webhook, delivered: 0, dueAt: null);
        TouchWebhooks(task.First.At);
    }

    /// <summary>Whose it is, for ever.</summary>
    public string Owner { get; }

    /// <summary>The id of the message that has claimed the task; null where no claim was made.</summary>
    public string? ClaimedBy { get; }

    /// <summary>The state at the last change of status: what lists and retention look at.</summary>
    public TaskSnapshot Snapshot
    {
        get
        {
            lock (_lock)
                return _snapshot;
        }
    }

    /// <summary>The state after the newest event.</summary>
    public TaskSnapshot Read()
    {
        lock (_lock)
        {
            if (_log[^1].Last > _snapshot.Seq)
                _snapshot = TaskFold.Apply(_snapshot, _log[IndexAfter(_snapshot.Seq)..]);
            return _snapshot;
        }
    }

    public AppendOutcome Append(NewEntry entry)
    {
        lock (_lock)
        {
            if (_forgotten)
                return AppendOutcome.NotFound;
            if (entry.Entry.First != _log[^1].Last + 1)
                return AppendOutcome.Conflict;
            _log.Add(entry.Entry);
            // Which webhooks there are is not the writer's to say: some may have come since it has read the task.
            if (entry.Snapshot is not null)
            {
                var lease = entry.KeepsLease ? _snapshot.Lease : entry.Snapshot.Lease;
                _postponed = entry.KeepsLease ? _postponed : null;
                // Mostly nothing differs, and a snapshot is large.
                _snapshot = lease == entry.Snapshot.Lease && ReferenceEquals(_snapshot.WebhookIds, entry.Snapshot.WebhookIds)
                    ? entry.Snapshot
                    : entry.Snapshot with { WebhookIds = _snapshot.WebhookIds, Lease = lease };
                _statusSeq = entry.Entry.Last;
            }

            if (entry.Webhook is { } webhook)
                Put(webhook, delivered: entry.Entry.First - 1, dueAt: null);
            if (entry.Snapshot is not null)
                TouchWebhooks(entry.Entry.At);
        }

        Wake(isResting: entry.Snapshot?.State.IsTerminalOrInterrupted() == true);
        return AppendOutcome.Appended;
    }

    public bool Renew(string runId, DateTimeOffset until)
    {
        lock (_lock)
        {
            if (_forgotten || _snapshot.Lease is not { } lease || lease.RunId != runId)
                return false;
            (_snapshot, _postponed) = (_snapshot with { Lease = lease with { Until = until } }, null);
            return true;
        }
    }

    /// <summary>Since when nobody works on it; null where nobody has to.</summary>
    public UnattendedTask? Unattended()
    {
        lock (_lock)
            return (_postponed ?? _snapshot.UnattendedSince) is { } since
                ? new UnattendedTask(_snapshot.Id, since, _snapshot.StatusAt) { TraceParent = _snapshot.TraceParent }
                : null;
    }

    public bool Postpone(UnattendedTask listed, DateTimeOffset until)
    {
        lock (_lock)
        {
            if (_forgotten || Unattended() != listed)
                return false;
            _postponed = until;
            return true;
        }
    }

    /// <summary>
    /// The entries with events after that number; or, where there are none yet, what to wait for. Neither: the task is forgotten.
    /// </summary>
    public (IReadOnlyList<LogEntry> Entries, Task? Changed) ReadLog(long after)
    {
        lock (_lock)
        {
            return _log[^1].Last > after ? (_log[IndexAfter(after)..], null) : ([], Changed());
        }
    }

    /// <summary>Ends with the next change, or when somebody wakes all who wait; null where the task is forgotten.</summary>
    public Task? Changed()
    {
        lock (_lock)
        {
            if (_forgotten)
                return null;
            return (_changed ??= NewSource()).Task;
        }
    }

    /// <summary>Ends with the next terminal or interrupted state, or as <see cref="Changed"/> does otherwise.</summary>
    public Task? Rested()
    {
        lock (_lock)
        {
            return _forgotten ? null : (_rested ??= NewSource()).Task;
        }
    }

    public void Put(Webhook webhook, Action<IReadOnlyList<string>>? check, DateTimeOffset now)
    {
        lock (_lock)
        {
            // In here: of several who come at once each sees those before it.
            check?.Invoke(_snapshot.WebhookIds);
            Put(webhook, delivered: null, dueAt: now);
            TouchWebhooks(now);
        }
    }

    public IReadOnlyList<Webhook> Webhooks()
    {
        lock (_lock)
            return _deliveries is null ? [] : [.. _deliveries.Values.Select(delivery => delivery.Webhook)];
    }

    public void DeleteWebhook(string id)
    {
        lock (_lock)
        {
            if (_deliveries?.Remove(id) == true)
                _snapshot = _snapshot with { WebhookIds = [.. _deliveries.Keys] };
        }
    }

    public DeliveryState? Delivery(string webhookId)
    {
        lock (_lock)
            return _deliveries?.GetValueOrDefault(webhookId);
    }

    public DeliveryState? UpdateDelivery(DeliveryState read, DeliveryState changed)
    {
        lock (_lock)
        {
            if (_forgotten || _deliveries?.GetValueOrDefault(read.Webhook.Id) is not { } current || current.Revision != read.Revision)
                return null;
            return _deliveries[current.Webhook.Id] = changed with
            {
                Webhook = current.Webhook,
                KeepUntil = null,
                Revision = NextRevision()
            };
        }
    }

    /// <summary>The webhooks that are due.</summary>
    public IReadOnlyList<DeliveryState> Due(DateTimeOffset now)
    {
        lock (_lock)
        {
            return _deliveries is null ? [] : [.. _deliveries.Values.Where(state => state.DueAt <= now)];
        }
    }

    /// <summary>Since when its webhooks may not have been told everything; null for nothing to tell.</summary>
    public UndeliveredTask? Undelivered()
    {
        lock (_lock)
            return _undeliveredSince is { } since
                ? new UndeliveredTask(_snapshot.Id, since, _statusSeq) { TraceParent = _snapshot.TraceParent }
                : null;
    }

    public bool PostponeDeliveries(UndeliveredTask listed, DateTimeOffset? until)
    {
        lock (_lock)
        {
            if (_forgotten || Undelivered() != listed)
                return false;
            _undeliveredSince = until;
            return true;
        }
    }

    /// <summary>Ends all watching: the task is no longer there.</summary>
    public void Forget()
    {
        lock (_lock)
            _forgotten = true;
        Wake();
    }

    /// <summary>Lets all who watch look again.</summary>
    public void Wake() => Wake(isResting: true);

    private void Wake(bool isResting)
    {
        TaskCompletionSource? changed, rested = null;
        lock (_lock)
        {
            (changed, _changed) = (_changed, null);
            if (isResting)
                (rested, _rested) = (_rested, null);
        }

        changed?.SetResult();
        rested?.SetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Put(Webhook webhook, long? delivered, DateTimeOffset? dueAt)
    {
        _deliveries ??= new(StringComparer.Ordinal);
        _deliveries[webhook.Id] = new DeliveryState
        {
            Webhook = webhook with { TraceParent = null },
            Delivered = delivered,
            DueAt = dueAt,
            TraceParent = webhook.TraceParent,
            Revision = NextRevision(),
        };
        _snapshot = _snapshot with { WebhookIds = [.. _deliveries.Keys] };
    }

    private void TouchWebhooks(DateTimeOffset at)
    {
        if (_deliveries is { Count: > 0 })
            _undeliveredSince = at;
    }

    private string NextRevision() => (++_revisions).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private int IndexAfter(long seq)
    {
        var index = _log.Count;
        while (index > 0 && _log[index - 1].Last > seq)
            index--;
        return index;
    }
}
