using Microsoft.Extensions.Options;

namespace ServerlessA2A.Security.Limits;

/// <summary>
/// Paces rejections. A rejection costs so little that a caller that ignores them would get as many as there is processor time, and all
/// other callers would wait behind them. A caller that still waits for a response does not send its next request.
/// </summary>
internal sealed class RefusalPace(IOptions<LimitOptions> options, TimeProvider time)
{
    /// <summary>
    /// The number of delayed responses; more are sent at once. Each occupies a request slot, of which a default deployment has 80.
    /// </summary>
    private const int Places = 60;

    private readonly Lock _lock = new();
    private readonly double _perSecond = options.Value.RefusalsPerSecond;

    /// <summary>When the next rejection may be sent, as a timestamp of the clock.</summary>
    private long _next;
    private int _waiting;

    /// <summary>Waits until this rejection may be sent, for a second at most, or until the caller disconnects.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_perSecond <= 0 || TakePlace() is not { } wait)
            return;
        // A disconnected caller is not worth an exception: sending the response notices it.
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
            // Disconnected callers have used up their turns: many of them must not delay the next caller forever.
            var turn = Math.Min(Math.Max(now, _next), now + time.TimestampFrequency);
            _next = turn + (long)(time.TimestampFrequency / _perSecond);
            if (turn == now)
                return null;
            _waiting++;
            return time.GetElapsedTime(now, turn);
        }
    }
}
