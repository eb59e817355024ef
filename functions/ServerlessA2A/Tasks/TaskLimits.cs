using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tasks;

/// <summary>How many tasks callers may have, and how much a task may hold.</summary>
public sealed class TaskLimits(ITaskStore store, TimeProvider time, IOptions<LimitOptions> options)
{
    /// <summary>How long a count is good. What this instance adds meanwhile is added to it; what others add, or what ends, is not seen before.</summary>
    private static readonly TimeSpan CountAge = TimeSpan.FromSeconds(10);

    /// <summary>How many counts are remembered; above it all are forgotten.</summary>
    private const int Capacity = 10_000;

    /// <summary>By owner; all owners together have the empty one.</summary>
    private readonly ConcurrentDictionary<string, (int Count, long At)> _counts = new(StringComparer.Ordinal);

    private LimitOptions Limits => options.Value;

    /// <summary>Refuses a new task of a caller who has as many unfinished ones as it may.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public async ValueTask CheckUnfinishedAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (Limits.TotalUnfinishedTasks > 0 && await CountAsync(owner: null, Limits.TotalUnfinishedTasks, cancellationToken) is false)
        {
            throw A2AException.LimitExceeded(
                nameof(LimitOptions.TotalUnfinishedTasks), Limits.TotalUnfinishedTasks, "The agent has as many unfinished tasks as it takes");
        }

        // Anonymous callers can't be told apart: one could use up what is all others' too.
        if (Limits.UnfinishedTasks > 0 && caller.Name.Length > 0 && await CountAsync(caller.Owner, Limits.UnfinishedTasks, cancellationToken) is false)
        {
            throw A2AException.LimitExceeded(
                nameof(LimitOptions.UnfinishedTasks), Limits.UnfinishedTasks, "You have as many unfinished tasks as you may; wait for them, or cancel some");
        }
    }

    /// <summary>Refuses a message that is too large.</summary>
    /// <exception cref="A2AException">InvalidParams.</exception>
    public void CheckSize(Message message)
    {
        if (message.Parts.Sum(ArtifactSizes.SizeOf) is var size && size > Limits.MessageSize)
            throw A2AException.InvalidParams("message.parts", FormattableString.Invariant($"have {size} bytes, and MessageSize is {Limits.MessageSize}"));
    }

    /// <summary>Refuses one more message of a task that has as many as it may.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public void CheckHistory(A2ATask task)
    {
        if (task.History?.Count >= Limits.HistoryMessages)
        {
            throw A2AException.LimitExceeded(
                nameof(LimitOptions.HistoryMessages), Limits.HistoryMessages, "The task has as many messages as it may; go on in a new one, with its contextId");
        }
    }

    /// <summary>Refuses one more webhook of a task that has as many as it may; one that takes another's place is none more.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public void CheckPushConfigs(IReadOnlyList<string> ids, string id)
    {
        if (ids.Count >= Limits.PushConfigs && !ids.Contains(id))
            throw A2AException.LimitExceeded(nameof(LimitOptions.PushConfigs), Limits.PushConfigs, "The task has as many push notification configurations as it may");
    }

    /// <summary>Counts one more; false where there is no room for it.</summary>
    private async ValueTask<bool> CountAsync(string? owner, int limit, CancellationToken cancellationToken)
    {
        var key = owner ?? "";
        var now = time.GetTimestamp();
        if (!_counts.TryGetValue(key, out var counted) || time.GetElapsedTime(counted.At, now) > CountAge || counted.Count >= limit)
        {
            if (_counts.Count >= Capacity)
                _counts.Clear();
            counted = (await store.CountUnfinishedAsync(owner, limit, cancellationToken), now);
        }

        var hasRoom = counted.Count < limit;
        _counts[key] = hasRoom ? counted with { Count = counted.Count + 1 } : counted;
        return hasRoom;
    }
}
