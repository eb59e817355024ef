namespace ServerlessA2A.Tasks.InMemory;

/// <summary>One task of the in-memory store. Its lock is the store's only one: writers of other tasks never wait.</summary>
internal sealed class InMemoryTask
{
    private readonly Lock _lock = new();
    private readonly List<LogEntry> _log;

    /// <summary>Most tasks have none.</summary>
    private SortedDictionary<string, PushConfig>? _pushConfigs;
    private TaskSnapshot _snapshot;

    /// <summary>Until when the task counts as attended, where somebody has put it off; void with its next entry that has a snapshot.</summary>
    private DateTimeOffset? _postponed;
    private TaskCompletionSource? _changed;
    private bool _forgotten;

    public InMemoryTask(NewTask task)
    {
        _snapshot = task.Snapshot;
        _log = [task.First];
        if (task.PushConfig is { } config)
            Put(config);
    }

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
            if (entry.Snapshot is not null)
                (_snapshot, _postponed) = (entry.Snapshot, null);
            if (entry.PushConfig is { } config)
                Put(config);
        }

        Wake();
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
            return (_postponed ?? _snapshot.UnattendedSince) is { } since ? new UnattendedTask(_snapshot.Id, since, _snapshot.StatusAt) : null;
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

    /// <summary>The entries with events after that number; or, where there are none yet, what to wait for. Neither: the task is forgotten.</summary>
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
            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }

    public void Put(PushConfig config)
    {
        lock (_lock)
        {
            _pushConfigs ??= new(StringComparer.Ordinal);
            _pushConfigs[config.Id] = config;
        }
    }

    public IReadOnlyList<PushConfig> PushConfigs()
    {
        lock (_lock)
            return _pushConfigs is null ? [] : [.. _pushConfigs.Values];
    }

    public void DeletePushConfig(string id)
    {
        lock (_lock)
            _pushConfigs?.Remove(id);
    }

    /// <summary>Ends all watching: the task is no longer there.</summary>
    public void Forget()
    {
        lock (_lock)
            _forgotten = true;
        Wake();
    }

    /// <summary>Lets all who watch look again.</summary>
    public void Wake()
    {
        TaskCompletionSource? changed;
        lock (_lock)
            (changed, _changed) = (_changed, null);
        changed?.SetResult();
    }

    private int IndexAfter(long seq)
    {
        var index = _log.Count;
        while (index > 0 && _log[index - 1].Last > seq)
            index--;
        return index;
    }
}
