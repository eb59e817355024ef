using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>Limits the number of unfinished tasks, and the size of a task.</summary>
internal sealed class TaskLimits(ITaskStore store, TimeProvider time, IOptions<LimitOptions> options)
{
    /// <summary>
    /// How long a count is valid. Tasks that this instance adds are counted meanwhile; tasks that others add, or that end, are not.
    /// </summary>
    private static readonly TimeSpan CountAge = TimeSpan.FromSeconds(10);

    /// <summary>How long a count at the limit is valid.</summary>
    private static readonly TimeSpan FullAge = TimeSpan.FromSeconds(1);

    /// <summary>How many counts are cached; above it the cache is cleared.</summary>
    private const int Capacity = 10_000;

    /// <summary>By owner; the empty key counts all owners together.</summary>
    private readonly ConcurrentDictionary<string, Counted> _counts = new(StringComparer.Ordinal);

    private LimitOptions Limits => options.Value;

    /// <summary>
    /// The error for a caller that may not create a task, because it has, or all callers together have, too many unfinished tasks. Null
    /// where it may.
    /// </summary>
    public async ValueTask<A2AException?> RefusalOfNewTaskAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (Limits.TotalUnfinishedTasks > 0 && await CountAsync(owner: null, Limits.TotalUnfinishedTasks, cancellationToken) is false)
        {
            return A2AException.LimitExceeded(
                nameof(LimitOptions.TotalUnfinishedTasks),
                Limits.TotalUnfinishedTasks,
                "The agent has too many unfinished tasks; retry later");
        }

        // Anonymous callers share one owner: one of them could use up the limit of all others.
        return Limits.UnfinishedTasks > 0 && !caller.IsAnonymous &&
            await CountAsync(caller.Owner, Limits.UnfinishedTasks, cancellationToken) is false
            ? A2AException.LimitExceeded(
                nameof(LimitOptions.UnfinishedTasks), Limits.UnfinishedTasks, "Too many unfinished tasks; wait for them, or cancel some")
            : null;
    }

    /// <summary>Recounts a caller's tasks after it has canceled one.</summary>
    public void MadeRoom(Caller caller)
    {
        Recount(caller.Owner, Limits.UnfinishedTasks);
        Recount("", Limits.TotalUnfinishedTasks);

        // Recount only when the caller is at the limit: creating and canceling tasks must not cost a count each time.
        void Recount(string key, int limit)
        {
            if (_counts.TryGetValue(key, out var counted) && counted.Count >= limit)
                _counts.TryRemove(key, out _);
        }
    }

    /// <summary>Rejects a message that is too large, together with its request's metadata and output modes.</summary>
    /// <exception cref="A2AException">InvalidParams.</exception>
    public void CheckSize(SendMessageRequest request)
    {
        if (ContentSize.Of(request) is var size && size > Limits.MessageSize)
        {
            throw A2AException.InvalidParams(
                "message", FormattableString.Invariant($"has {size} bytes including metadata; MessageSize allows {Limits.MessageSize}"));
        }
    }

    /// <summary>Rejects a message to a task whose history is at its limit, in number or in size.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public void CheckHistory(TaskSnapshot snapshot, SendMessageRequest request)
    {
        var task = snapshot.Task;
        // The status message becomes history with the client's answer. Each pending message keeps the metadata of its request.
        var asked = task.Status.Message is { } question ? ContentSize.Of(question) : 0;
        if ((task.History ?? []).Sum(ContentSize.Of) + asked + snapshot.SizeOfRequests + ContentSize.Of(request) > Limits.HistorySize)
        {
            throw A2AException.LimitExceeded(
                nameof(LimitOptions.HistorySize),
                Limits.HistorySize,
                "The task's messages are too large; continue in a new task with its contextId");
        }

        if (task.History?.Count >= Limits.HistoryMessages)
        {
            throw A2AException.LimitExceeded(
                nameof(LimitOptions.HistoryMessages),
                Limits.HistoryMessages,
                "The task has too many messages; continue in a new task with its contextId");
        }
    }

    /// <summary>Rejects a webhook of a task that has too many; one that replaces another is not counted.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public void CheckWebhooks(IReadOnlyList<string> ids, string id)
    {
        if (ids.Count >= Limits.Webhooks && !ids.Contains(id))
        {
            throw A2AException.LimitExceeded(
                nameof(LimitOptions.Webhooks), Limits.Webhooks, "The task has too many push notification configurations");
        }
    }

    /// <summary>Counts one more task; false when the limit is reached.</summary>
    private async ValueTask<bool> CountAsync(string? owner, int limit, CancellationToken cancellationToken)
    {
        var key = owner ?? "";
        var now = time.GetTimestamp();
        if (!_counts.TryGetValue(key, out var counted) || !IsGood(counted))
        {
            if (_counts.Count >= Capacity)
                _counts.Clear();
            counted = new Counted(await store.CountUnfinishedAsync(owner, limit, cancellationToken), Added: 0, now);
        }

        var hasRoom = counted.Count + counted.Added < limit;
        _counts[key] = hasRoom ? counted with { Added = counted.Added + 1 } : counted;
        return hasRoom;

        // Tasks that were added here may have failed or ended since: only the store decides that the limit is reached.
        bool IsGood(Counted counted) => time.GetElapsedTime(counted.At, now) is var age &&
            (counted.Count >= limit ? age <= FullAge : counted.Count + counted.Added < limit && age <= CountAge);
    }

    /// <param name="Count">The number of tasks in the store.</param>
    /// <param name="Added">The number of tasks that this instance has added since.</param>
    /// <param name="At">When they were counted, as a timestamp of the clock.</param>
    private sealed record Counted(int Count, int Added, long At);
}
