using System.Globalization;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Benchmarks.Scale;

/// <summary>
/// Unattended tasks as Firestore's store lists them: in shards, the oldest of a shard first, and where more are due than asked for those of
/// one shard chosen at random. A task's id is its number.
/// </summary>
internal sealed class SimulatedTasks : DelegatingTaskStore
{
    private static readonly TaskSnapshot Submitted = TaskFold.Begin("", TimeSpan.FromDays(7), new LogEntry(1, default,
        [new MessageReceived { Message = new Message { MessageId = "", TaskId = "", ContextId = "", Role = Role.User, Parts = [] } }]));

    private readonly SimulatedTime _time;
    private readonly SimulatedIndex _index;
    private readonly Random _random = new(1);
    private readonly SortedSet<(DateTimeOffset Since, int Number)>[] _shards;
    private readonly DateTimeOffset[] _since;
    private readonly DateTimeOffset[] _statusAt;

    public SimulatedTasks(SimulatedTime time, int shards, IEnumerable<DateTimeOffset> since)
        : base(null!)
    {
        (_time, _index) = (time, new SimulatedIndex(time, shards));
        _statusAt = [.. since];
        _since = [.. _statusAt];
        _shards = [.. Enumerable.Range(0, shards).Select(_ => new SortedSet<(DateTimeOffset, int)>())];
        for (var number = 0; number < _since.Length; number++)
            ShardOf(number).Add((_since[number], number));
    }

    /// <summary>How often a task was another sweep's.</summary>
    public int LostRaces { get; private set; }

    public static string IdOf(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static int NumberOf(string taskId) => int.Parse(taskId, CultureInfo.InvariantCulture);

    /// <summary>A task that somebody works on, or that has ended.</summary>
    public void Remove(string taskId)
    {
        var number = NumberOf(taskId);
        ShardOf(number).Remove((_since[number], number));
    }

    /// <summary>A task that has not begun; null for others.</summary>
    public override async ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken)
    {
        await _time.DelayAsync(SimulatedIndex.Read);
        var number = NumberOf(taskId);
        return ShardOf(number).Contains((_since[number], number)) ? Submitted : null;
    }

    public override async ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken)
    {
        var used = _shards.Count(shard => shard.Count > 0);
        await _time.DelayAsync(SimulatedIndex.Read * (used + 1));
        var due = _shards.Where(shard => shard.Count > 0 && shard.Min.Since <= before).ToArray();
        _random.Shuffle(due);
        var listed = new List<UnattendedTask>();
        foreach (var shard in due)
        {
            if (listed.Count < count)
            {
                listed.AddRange(shard.TakeWhile(task => task.Since <= before).Take(count - listed.Count)
                    .Select(task => new UnattendedTask(IdOf(task.Number), task.Since, _statusAt[task.Number])));
            }
        }

        await _time.DelayAsync(SimulatedIndex.Read + (TimeSpan.FromMilliseconds(0.2) * listed.Count));
        return listed;
    }

    public override async ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var number = NumberOf(task.TaskId);
        await _time.DelayAsync(SimulatedIndex.Read);
        var isMine = _since[number] == task.Since && ShardOf(number).Remove((task.Since, number));
        if (!isMine)
        {
            LostRaces++;
            return false;
        }

        _since[number] = until;
        ShardOf(number).Add((until, number));
        await _index.WriteAsync(task.TaskId);
        return true;
    }

    private SortedSet<(DateTimeOffset Since, int Number)> ShardOf(int number) => _shards[_index.ShardOf(IdOf(number))];
}
