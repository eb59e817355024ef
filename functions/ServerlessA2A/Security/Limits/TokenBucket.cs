namespace ServerlessA2A.Security.Limits;

/// <summary>So much at once, and so much a second for long.</summary>
/// <param name="perSecond">How many tokens come back in a second; above 0.</param>
/// <param name="burst">How many there are at most.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double perSecond, int burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = burst;
    private long _at = time.GetTimestamp();
    private int _refused;

    /// <summary>Whether nothing was taken for so long that a new one would be the same.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
                return Refill() >= burst;
        }
    }

    /// <summary>Takes one.</summary>
    /// <returns>Null; or, where there is none, after how long there will be one.</returns>
    public TimeSpan? Take() => Take(out _);

    /// <inheritdoc cref="Take()"/>
    /// <param name="refused">How often there was none since the last time that there was one.</param>
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
