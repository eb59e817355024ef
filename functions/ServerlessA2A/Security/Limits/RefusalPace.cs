using Microsoft.Extensions.Options;

namespace ServerlessA2A.Security.Limits;

/// <summary>
/// How fast refusals are answered. Each costs so little that a caller who does not listen gets as many as there is processor time, and everybody else waits
/// behind them. Who still waits for the answer to one request does not send the next.
/// </summary>
internal sealed class RefusalPace(IOptions<LimitOptions> options, TimeProvider time)
{
    /// <summary>How many wait at a time; the others are answered at once. Each takes the place of a request, of which Cloud Run gives an instance 80 as we deploy it.</summary>
    private const int Places = 60;

    private readonly Lock _lock = new();
    private readonly double _perSecond = options.Value.RefusalsPerSecond;

    /// <summary>When the next one may be answered, as a timestamp of the clock.</summary>
    private long _next;
    private int _waiting;

    /// <summary>Waits until it is this refusal's turn, a second at most, or nobody waits for it any more.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_perSecond <= 0 || TakePlace() is not { } wait)
            return;
        // Who has gone away is not worth an exception: that there is nobody to answer is found out with the answer.
        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
            _waiting--;
    }

    /// <summary>How long to wait; null for not at all.</summary>
    private TimeSpan? TakePlace()
    {
        lock (_lock)
        {
            if (_waiting == Places)
                return null;
            var now = time.GetTimestamp();
            // Whoever has gone away has had a turn: many of them must not keep the next one waiting for ever.
            var turn = Math.Min(Math.Max(now, _next), now + time.TimestampFrequency);
            _next = turn + (long)(time.TimestampFrequency / _perSecond);
            if (turn == now)
                return null;
            _waiting++;
            return time.GetElapsedTime(now, turn);
        }
    }
}
