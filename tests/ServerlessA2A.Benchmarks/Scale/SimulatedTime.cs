namespace ServerlessA2A.Benchmarks.Scale;

/// <summary>
/// A clock that jumps from one event to the next: an hour of a million tasks takes seconds. Everything runs on the thread that calls
/// <see cref="RunUntil"/>, in the order of time.
/// </summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<TaskCompletionSource, (long At, long Number)> _events = new();
    private long _now;
    private long _number;

    /// <summary>The time since the begin.</summary>
    public TimeSpan Now => new(_now);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Begin + Now;

    public override long GetTimestamp() => _now;

    public Task DelayAsync(TimeSpan time)
    {
        var over = new TaskCompletionSource();
        _events.Enqueue(over, (_now + time.Ticks, _number++));
        return over.Task;
    }

    /// <summary>Lets events happen until something has come about. What waits for an event goes on within it.</summary>
    /// <exception cref="InvalidOperationException">Nothing more can happen.</exception>
    public void RunUntil(Task over)
    {
        while (!over.IsCompleted)
        {
            if (!_events.TryDequeue(out var next, out var when))
                throw new InvalidOperationException($"After {Now} nothing happens any more.");
            _now = when.At;
            next.SetResult();
        }

        over.GetAwaiter().GetResult();
    }
}
