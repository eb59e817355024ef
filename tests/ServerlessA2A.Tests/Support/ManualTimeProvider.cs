namespace ServerlessA2A.Tests.Support;

/// <summary>
/// A clock that stands still until it is told to go on. Timers that fall due go off within <see cref="Advance"/>, in their order.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(DateTimeOffset DueAt, TaskCompletionSource IsSet)> _waits = [];
    private DateTimeOffset _now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How many timers are running.</summary>
    public int RunningTimers
    {
        get
        {
            lock (_lock)
                return _timers.Count(timer => timer.DueAt is not null);
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_lock)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (NextDue(until) is { } timer)
            timer.Fire();
    }

    /// <summary>
    /// Ends when there is a timer that falls due in exactly that time from now: whoever waits for it can then be sent on by
    /// <see cref="Advance"/>.
    /// </summary>
    public async Task WaitForTimerAsync(TimeSpan dueIn)
    {
        var isSet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_timers.Exists(timer => timer.DueAt == _now + dueIn))
                return;
            _waits.Add((_now + dueIn, isSet));
        }

        await isSet.Task.WithinLimit($"a timer is set that is due in {dueIn}");
    }

    /// <summary>
    /// The timer that is due first, with the clock set to that moment; null, with the clock set to the end, where none is. In one step: a
    /// timer that another thread sets in between would be due in the past, and never go off.
    /// </summary>
    private ManualTimer? NextDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.DueAt <= until).MinBy(timer => timer.DueAt);
            var moment = next?.DueAt ?? until;
            if (moment > _now)
                _now = moment;
            next?.Reschedule();
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                _period = period;
                foreach (var (_, isSet) in clock._waits.FindAll(wait => wait.DueAt == DueAt))
                    isSet.TrySetResult();
                clock._waits.RemoveAll(wait => wait.DueAt == DueAt);
                return true;
            }
        }

        public void Reschedule() => DueAt = _period > TimeSpan.Zero ? DueAt + _period : null;

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._lock)
            {
                DueAt = null;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
