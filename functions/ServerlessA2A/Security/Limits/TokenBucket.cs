namespace ServerlessA2A.Security.Limits;

/// <summary>A token bucket: limits a sustained rate and allows bursts.</summary>
/// <param name="perSecond">The tokens added per second; above 0.</param>
/// <param name="burst">The capacity.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double perSecond, int burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = burst;
    private long _at = time.GetTimestamp();
    private int _refused;

    /// <summary>Whether the bucket is full, so that a new one would be equal.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
                return Refill() >= burst;
        }
    }

    /// <summary>Takes a token.</summary>
    /// <returns>Null; or, if there is none, the time until there is one.</returns>
    public TimeSpan? Take() => Take(out _);

    /// <inheritdoc cref="Take()"/>
    /// <param name="refused">How often there was no token since the last successful take.</param>
    public TimeSpan? Take(out int refused)
    {
        lock (_lock)
        {
            refused = _refused;
            if (Refill() < 1)
            {
                _refused++;
                return TimeSpan.FromSeconds((1 - _tokens) / perSecond);
            }

            _refused = 0;
            _tokens--;
            return null;
        }
    }

    private double Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
        return _tokens;
    }
}
