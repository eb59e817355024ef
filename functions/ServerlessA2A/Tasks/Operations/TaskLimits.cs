using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>How many tasks callers may have, and how much a task may hold.</summary>
internal sealed class TaskLimits(ITaskStore store, TimeProvider time, IOptions<LimitOptions> options)
{
    /// <summary>How long a count is good. What this instance adds meanwhile is added to it; what others add, or what ends, is not seen before.</summary>
    private static readonly TimeSpan CountAge = TimeSpan.FromSeconds(10);

    /// <summary>How long it is taken for true that there is no room, where the store has said so.</summary>
    private static readonly TimeSpan FullAge = TimeSpan.FromSeconds(1);

    /// <summary>How many counts are remembered; above it all are forgotten.</summary>
    private const int Capacity = 10_000;

    /// <summary>By owner; all owners together have the empty one.</summary>
    private readonly ConcurrentDictionary<string, Counted> _counts = new(StringComparer.Ordinal);

    private LimitOptions Limits => options.Value;

    /// <summary>Why a caller may make no new task: it has, or all have, as many unfinished ones as they may. Null where it may.</summary>
    public async ValueTask<A2AException?> RefusalOfNewTaskAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (Limits.TotalUnfinishedTasks > 0 && await CountAsync(owner: null, Limits.TotalUnfinishedTasks, cancellationToken) is false)
        {
            return A2AException.LimitExceeded(
                nameof(LimitOptions.TotalUnfinishedTasks), Limits.TotalUnfinishedTasks, "The agent has as many unfinished tasks as it takes");
        }

        // Anonymous callers can't be told apart: one could use up what is all others' too.
        return Limits.UnfinishedTasks > 0 && !caller.IsAnonymous &&
            await CountAsync(caller.Owner, Limits.UnfinishedTasks, cancellationToken) is false
            ? A2AException.LimitExceeded(
                nameof(LimitOptions.UnfinishedTasks), Limits.UnfinishedTasks, "You have as many unfinished tasks as you may; wait for them, or cancel some")
            : null;
    }

    /// <summary>A caller has ended one of its tasks, so that there may be room for another.</summary>
    public void MadeRoom(Caller caller)
    {
        Recount(caller.Owner, Limits.UnfinishedTasks);
        Recount("", Limits.TotalUnfinishedTasks);

        // Only where there was no room: who makes tasks and cancels them must not have them counted each time.
        void Recount(string key, int limit)
        {
            if (_counts.TryGetValue(key, out var counted) && counted.Count >= limit)
                _counts.TryRemove(key, out _);
        }
    }

    /// <summary>Refuses a message that is too large.</summary>
    /// <exception cref="A2AException">InvalidParams.</exception>
    public void CheckSize(Message message)
    {
        if (ContentSize.Of(message) is var size && size > Limits.MessageSize)
            throw A2AException.InvalidParams("message", FormattableString.Invariant($"has {size} bytes, and MessageSize is {Limits.MessageSize}"));
    }

    /// <summary>Refuses one more message of a task that has as many, or as much in them, as it may.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public void CheckHistory(A2ATask task, Message message)
    {
        // What the agent has said last becomes history with the client's answer.
        var asked = task.Status.Message is { } question ? ContentSize.Of(question) : 0;
        if ((task.History ?? []).Sum(ContentSize.Of) + asked + ContentSize.Of(message) > Limits.HistorySize)
        {
            throw A2AException.LimitExceeded(
                nameof(LimitOptions.HistorySize), Limits.HistorySize, "The task's messages would be larger than they may; go on in a new one, with its contextId");
        }

        if (task.History?.Count >= Limits.HistoryMessages)
        {
            throw A2AException.LimitExceeded(
                nameof(LimitOptions.HistoryMessages), Limits.HistoryMessages, "The task has as many messages as it may; go on in a new one, with its contextId");
        }
    }

    /// <summary>Refuses one more webhook of a task that has as many as it may; one that takes another's place is none more.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public void CheckWebhooks(IReadOnlyList<string> ids, string id)
    {
        if (ids.Count >= Limits.Webhooks && !ids.Contains(id))
            throw A2AException.LimitExceeded(nameof(LimitOptions.Webhooks), Limits.Webhooks, "The task has as many push notification configurations as it may");
    }

    /// <summary>Counts one more; false where there is no room for it.</summary>
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

        // What was added here may have failed, or ended since: that there is no room is for the store to say.
        bool IsGood(Counted counted) => time.GetElapsedTime(counted.At, now) is var age &&
            (counted.Count >= limit ? age <= FullAge : counted.Count + counted.Added < limit && age <= CountAge);
    }

    /// <param name="Count">How many there were in the store.</param>
    /// <param name="Added">How many were added here since.</param>
    /// <param name="At">When they were counted, as a timestamp of the clock.</param>
    private sealed record Counted(int Count, int Added, long At);
}
