using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.InMemory;

/// <summary>
/// A store for one process: the local run and tests. It keeps the same promises as the one in Firestore and passes the same suite, and is
/// bounded (<see cref="InMemoryOptions"/>); what it holds ends with the process.
/// </summary>
internal sealed class InMemoryTaskStore(TimeProvider time, IOptions<InMemoryOptions> options) : ITaskStore, IWebhookStore
{
    private readonly ConcurrentDictionary<string, InMemoryTask> _tasks = new(StringComparer.Ordinal);

    /// <summary>The same by whose they are: what is another's is looked for, and not found, as what is nobody's.</summary>
    private readonly ConcurrentDictionary<(string Owner, string TaskId), InMemoryTask> _owned = new();
    private readonly ConcurrentDictionary<(string Owner, string MessageId), Claim> _claims = new();

    /// <summary>
    /// Tasks in the order in which they became terminal or interrupted, oldest first; one that was continued since is here again further
    /// back.
    /// </summary>
    private readonly Queue<(string Id, long Seq)> _evictable = new();

    /// <summary>Held while it changes which tasks there are, so that a claim and its task appear together and the bound is kept.</summary>
    private readonly Lock _lock = new();

    /// <summary>How many there are in <see cref="_tasks"/>, whose own count takes all its locks.</summary>
    private int _count;

    /// <summary>How many tasks are kept.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (task.ContentHash is not null && FindClaim(task.Snapshot.Owner, task.MessageId) is { } claimed)
                return ValueTask.FromResult<Claim?>(claimed);
            MakeRoom();
            var made = new InMemoryTask(task);
            _tasks[task.Snapshot.Id] = made;
            _owned[(made.Owner, task.Snapshot.Id)] = made;
            Interlocked.Increment(ref _count);
            if (task.ContentHash is not null)
                _claims[(made.Owner, task.MessageId)] = new Claim(task.Snapshot.Id, task.ContentHash);
        }

        return ValueTask.FromResult<Claim?>(null);
    }

    /// <inheritdoc/>
    public ValueTask<Claim?> FindClaimAsync(string owner, string messageId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(FindClaim(owner, messageId));

    /// <inheritdoc/>
    public ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(owner, taskId)?.Read());

    /// <inheritdoc/>
    public ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken)
    {
        var outcome = Find(entry.TaskId)?.Append(entry) ?? AppendOutcome.NotFound;
        if (outcome == AppendOutcome.Appended && entry.Snapshot is { } snapshot && snapshot.State.IsTerminalOrInterrupted())
        {
            lock (_lock)
                _evictable.Enqueue((entry.TaskId, snapshot.Seq));
        }

        return ValueTask.FromResult(outcome);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewLeaseAsync(string taskId, string runId, DateTimeOffset until, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(taskId)?.Renew(runId, until) ?? false);

    /// <inheritdoc/>
    public async Task<TaskSnapshot?> WaitForRunChangeAsync(
        string taskId, string runId, int knownMessages, CancellationToken cancellationToken)
    {
        var changed = await WaitForAsync(
            taskId, static task => task.Changed(), task => task.Lease?.RunId != runId || task.AddedMessages > knownMessages,
            cancellationToken);
        return changed?.Lease?.RunId == runId ? changed : null;
    }

    /// <inheritdoc/>
    public Task<TaskSnapshot?> WaitUntilTerminalOrInterruptedAsync(string taskId, CancellationToken cancellationToken) =>
        WaitForAsync(taskId, static task => task.Rested(), static task => task.State.IsTerminalOrInterrupted(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken)
    {
        IReadOnlyList<UnattendedTask> tasks =
        [
            .. _tasks.Keys.Select(taskId => Find(taskId)?.Unattended()).OfType<UnattendedTask>()
                .Where(task => task.Since <= before).OrderBy(task => task.Since).Take(count),
        ];
        return ValueTask.FromResult(tasks);
    }

    /// <inheritdoc/>
    public ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(task.TaskId)?.Postpone(task, until) ?? false);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogEntry> WatchAsync(
        string taskId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Find(taskId) is not { } task)
            yield break;
        // Once for all waits: each one that is woken looks for itself whether it was meant.
        using var cancellation = cancellationToken.UnsafeRegister(static watched => ((InMemoryTask)watched!).Wake(), task);
        while (!cancellationToken.IsCancellationRequested)
        {
            var (entries, changed) = task.ReadLog(after);
            foreach (var entry in entries)
            {
                yield return entry;
                after = entry.Last;
            }

            if (entries.Count > 0)
                continue;
            // Looked at after the log: from here on a cancellation wakes.
            if (changed is null || cancellationToken.IsCancellationRequested)
                yield break;
            await changed;
        }
    }

    /// <inheritdoc/>
    public ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var all = _tasks.Values.Select(task => task.Snapshot)
            .Where(task => task.Owner == query.Owner && task.ExpireAt > now &&
                (query.IncludesReplied || !task.IsReplied) && (query.ContextId is null || task.Task.ContextId == query.ContextId) &&
                (query.State is null || task.State == query.State) &&
                (query.StatusSince is null || task.StatusAt >= query.StatusSince))
            .OrderByDescending(task => task.StatusAt).ThenByDescending(task => task.ExpireAt)
            .ThenByDescending(task => task.Id, StringComparer.Ordinal)
            .ToList();
        var rest = query.After is not { } after
            ? all
            : all.FindAll(task => task.StatusAt < after.StatusAt || (task.StatusAt == after.StatusAt && (task.ExpireAt < after.ExpireAt ||
                (task.ExpireAt == after.ExpireAt && string.CompareOrdinal(task.Id, after.TaskId) < 0))));
        var page = new List<TaskSnapshot>();
        var size = 0L;
        foreach (var task in rest.Take(query.PageSize))
        {
            size += task.Size;
            if (size > query.MaxSize && page.Count > 0)
                break;
            page.Add(task);
        }

        var next = page.Count < rest.Count ? new TaskCursor(page[^1].StatusAt, page[^1].ExpireAt, page[^1].Id) : null;
        return ValueTask.FromResult(new TaskPage(page, next, query.IsCounted ? all.Count : 0));
    }

    /// <inheritdoc/>
    public ValueTask<int> CountUnfinishedAsync(string? owner, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ValueTask.FromResult(_tasks.Values.Select(task => task.Snapshot)
            .Where(task => (owner is null || task.Owner == owner) && !task.State.IsTerminal() && task.ExpireAt > now).Take(limit).Count());
    }

    /// <inheritdoc/>
    public ValueTask<bool> PutWebhookAsync(
        string owner, Webhook webhook, Action<IReadOnlyList<string>>? check, CancellationToken cancellationToken)
    {
        var task = Find(owner, webhook.TaskId);
        task?.Put(webhook, check, time.GetUtcNow());
        return ValueTask.FromResult(task is not null);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Webhook>?> ListWebhooksAsync(
        string owner, string taskId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(owner, taskId)?.Webhooks());

    /// <inheritdoc/>
    public ValueTask<bool> DeleteWebhookAsync(string owner, string taskId, string webhookId, CancellationToken cancellationToken)
    {
        var task = Find(owner, taskId);
        task?.DeleteWebhook(webhookId);
        return ValueTask.FromResult(task is not null);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>?> ListWebhookIdsAsync(string taskId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(taskId)?.Snapshot.WebhookIds);

    /// <inheritdoc/>
    public ValueTask<DeliveryState?> ReadDeliveryAsync(string taskId, string webhookId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(taskId)?.Delivery(webhookId));

    /// <inheritdoc/>
    public ValueTask<DeliveryState?> UpdateDeliveryAsync(DeliveryState read, DeliveryState changed, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(read.Webhook.TaskId)?.UpdateDelivery(read, changed));

    /// <inheritdoc/>
    public ValueTask<TaskEvents?> ReadEventsAsync(string taskId, long after, CancellationToken cancellationToken)
    {
        if (Find(taskId) is not { } task)
            return ValueTask.FromResult<TaskEvents?>(null);
        var snapshot = task.Snapshot;
        return ValueTask.FromResult<TaskEvents?>(new(
            taskId, snapshot.Task.ContextId!, snapshot.Owner, snapshot.State.IsTerminalOrInterrupted(), snapshot.ExpireAt,
            task.ReadLog(after).Entries));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeliveryRequest>> ListDueAsync(DateTimeOffset now, int count, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeliveryRequest> due =
        [
            .. _tasks.Keys.SelectMany(taskId => Find(taskId)?.Due(now) ?? []).OrderBy(due => due.DueAt).Take(count)
                .Select(due => new DeliveryRequest(due.Webhook.TaskId, Seq: 0, due.Webhook.Id) { TraceParent = due.TraceParent }),
        ];
        return ValueTask.FromResult(due);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UndeliveredTask>> ListUndeliveredAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken)
    {
        IReadOnlyList<UndeliveredTask> tasks =
        [
            .. _tasks.Keys.Select(taskId => Find(taskId)?.Undelivered()).OfType<UndeliveredTask>()
                .Where(task => task.Since <= before).OrderBy(task => task.Since).Take(count),
        ];
        return ValueTask.FromResult(tasks);
    }

    /// <inheritdoc/>
    public ValueTask<bool> PostponeDeliveriesAsync(UndeliveredTask task, DateTimeOffset? until, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(task.TaskId)?.PostponeDeliveries(task, until) ?? false);

    /// <summary>The task when it is so; null when the wait is cancelled or the task is forgotten.</summary>
    private async Task<TaskSnapshot?> WaitForAsync(
        string taskId, Func<InMemoryTask, Task?> next, Func<TaskSnapshot, bool> isSo, CancellationToken cancellationToken)
    {
        if (Find(taskId) is not { } task)
            return null;
        using var cancellation = cancellationToken.UnsafeRegister(static watched => ((InMemoryTask)watched!).Wake(), task);
        while (true)
        {
            // Looked at after the wait was set up: from here on a change or a cancellation wakes.
            var changed = next(task);
            if (changed is null || cancellationToken.IsCancellationRequested)
                return null;
            var snapshot = task.Snapshot;
            if (isSo(snapshot))
                return snapshot;
            await changed;
        }
    }

    private Claim? FindClaim(string owner, string messageId) =>
        _claims.TryGetValue((owner, messageId), out var claim) && Find(claim.TaskId) is not null ? claim : null;

    private InMemoryTask? Find(string taskId) => Find(owner: null, taskId);

    /// <summary>The task that is there and, unless that is null, the owner's.</summary>
    private InMemoryTask? Find(string? owner, string taskId)
    {
        if (!(owner is null ? _tasks.TryGetValue(taskId, out var task) : _owned.TryGetValue((owner, taskId), out task)))
            return null;
        if (task.Snapshot.ExpireAt > time.GetUtcNow())
            return task;
        Forget(taskId);
        return null;
    }

    /// <summary>Forgets what has expired and, above the bound, what has been terminal or interrupted longest.</summary>
    private void MakeRoom()
    {
        while (_evictable.TryPeek(out var oldest))
        {
            var isEvictable = _tasks.TryGetValue(oldest.Id, out var task) && task.Snapshot.Seq == oldest.Seq;
            if (isEvictable && Count < options.Value.MaxTasks && task!.Snapshot.ExpireAt > time.GetUtcNow())
                return;
            _evictable.Dequeue();
            if (isEvictable)
                Forget(oldest.Id);
        }

        if (Count < options.Value.MaxTasks)
            return;
        // None is terminal or interrupted. Looking for one is what forgets those that were never finished and have expired.
        foreach (var taskId in _tasks.Keys)
            Find(taskId);
        if (Count >= options.Value.MaxTasks)
        {
            throw new TaskStoreException(
                $"The in-memory store holds {options.Value.MaxTasks} unfinished tasks (A2A:InMemory:MaxTasks).", isTransient: true);
        }
    }

    private void Forget(string taskId)
    {
        if (!_tasks.TryRemove(taskId, out var task))
            return;
        Interlocked.Decrement(ref _count);
        _owned.TryRemove((task.Owner, taskId), out _);
        // Another task may have made the same claim since.
        if (task.ClaimedBy is { } messageId && _claims.TryGetValue((task.Owner, messageId), out var claim) && claim.TaskId == taskId)
            _claims.TryRemove(new((task.Owner, messageId), claim));
        task.Forget();
    }
}
