using ServerlessA2A.GoogleCloud.Firestore;

namespace ServerlessA2A.Benchmarks.Scale;

/// <summary>
/// An index of Firestore whose values grow: each shard's end takes 500 writes a second, one after the other. (The real one splits its load
/// within minutes elsewhere, but not here, and fails or slows down above the limit.)
/// </summary>
internal sealed class SimulatedIndex(SimulatedTime time, int shards)
{
    /// <summary>What a commit takes where nothing waits.</summary>
    public static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(15);

    /// <summary>What a read of a document, or a query that finds nothing, takes.</summary>
    public static readonly TimeSpan Read = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan Write = TimeSpan.FromSeconds(1) / 500;

    private readonly TimeSpan[] _freeAt = new TimeSpan[shards];

    /// <summary>The longest that a write has waited for those before it.</summary>
    public TimeSpan LongestWait { get; private set; }

    public int ShardOf(string taskId) => Shard.Of(taskId, shards).Number;

    public Task WriteAsync(string taskId)
    {
        ref var freeAt = ref _freeAt[ShardOf(taskId)];
        var begin = freeAt > time.Now ? freeAt : time.Now;
        freeAt = begin + Write;
        if (begin - time.Now > LongestWait)
            LongestWait = begin - time.Now;
        return time.DelayAsync(begin - time.Now + Commit);
    }
}
