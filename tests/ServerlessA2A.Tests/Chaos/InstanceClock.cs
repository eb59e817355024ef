using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>
/// An instance's view of the time, which is not quite that of the others. Where it stands no timer goes off; those that fell due meanwhile
/// go off when it goes on.
/// </summary>
internal sealed class InstanceClock(ManualTimeProvider time, TimeSpan isAhead) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Action> _overdue = [];
    private DateTimeOffset? _standsAt;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return (_standsAt ?? time.GetUtcNow()) + isAhead;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(_ => Fire(() => callback(state)), null, dueTime, period);

    public void Stop()
    {
        lock (_lock)
            _standsAt ??= time.GetUtcNow();
    }

    public void GoOn()
    {
        List<Action> overdue;
        lock (_lock)
        {
            _standsAt = null;
            overdue = [.. _overdue];
            _overdue.Clear();
        }

        overdue.ForEach(fire => fire());
    }

    private void Fire(Action fire)
    {
        lock (_lock)
        {
            if (_standsAt is not null)
            {
                _overdue.Add(fire);
                return;
            }
        }

        fire();
    }
}
