namespace ServerlessA2A.Client.Tests.Support;

/// <summary>A clock on which delays are over at once, and remembered; timeouts of a minute and more never come.</summary>
public sealed class ImpatientTime : TimeProvider
{
    private readonly List<TimeSpan> _delays = [];

    public IReadOnlyList<TimeSpan> Delays
    {
        get
        {
            lock (_delays) return [.. _delays];
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // The shortest limit of a client is a minute, the longest delay half of it unless an agent asks for more.
        var isDelay = dueTime < TimeSpan.FromMinutes(1) && dueTime >= TimeSpan.Zero;
        if (isDelay)
        {
            lock (_delays) _delays.Add(dueTime);
        }

        return base.CreateTimer(callback, state, isDelay ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
    }
}
