using System.Threading.Channels;

namespace ServerlessA2A.GoogleCloud;

/// <summary>
/// Bounds how many calls a process makes to a service at once. The bound grows by one with each round of calls that uses most of it and is
/// quick, and shrinks by a quarter when a call is slow. Without it, an overloaded service answers no call in time, and all are repeated.
/// </summary>
internal sealed class CallLimit
{
    /// <summary>The fewest calls at once: enough to notice that the service has recovered.</summary>
    internal const int Least = 4;

    /// <summary>The most calls at once: as many as most servers take on one HTTP/2 connection.</summary>
    internal const int Most = 100;

    /// <summary>The bound at start.</summary>
    internal const int Initial = 20;

    private readonly Lock _lock = new();

    /// <summary>An item for each call that may begin at once; callers wait in their order.</summary>
    private readonly Channel<bool> _turns = Channel.CreateUnbounded<bool>();
    private double _bound = Initial;

    /// <summary>How many turns there are, taken or not.</summary>
    private int _all;
    private int _round;

    public CallLimit() => FitTurns();

    /// <summary>How many calls there may be at once.</summary>
    internal int Bound
    {
        get
        {
            lock (_lock)
                return (int)_bound;
        }
    }

    /// <summary>Begins a call if it need not wait. Returns its round, for <see cref="End"/>; null where it has to wait.</summary>
    public int? TryBegin() => _turns.Reader.TryRead(out _) ? Volatile.Read(ref _round) : null;

    /// <summary>Waits for the caller's turn. Returns the round of the call, for <see cref="End"/>.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; there is nothing to end.</exception>
    public async Task<int> BeginAsync(CancellationToken cancellationToken)
    {
        await _turns.Reader.ReadAsync(cancellationToken);
        return Volatile.Read(ref _round);
    }

    /// <summary>Ends a call and adjusts the bound.</summary>
    /// <param name="round">What <see cref="BeginAsync"/> returned.</param>
    /// <param name="isSlow">Whether the call has taken longer than it does while the service is healthy.</param>
    public void End(int round, bool isSlow)
    {
        lock (_lock)
        {
            var calls = _all-- - _turns.Reader.Count;
            if (!isSlow)
            {
                if (calls > _bound / 2)
                    _bound = Math.Min(Most, _bound + (1 / _bound));
            }
            else if (round == _round)
            {
                // Calls that began before this one ended are slow for the same reason: they count once.
                _bound = Math.Max(Least, _bound * 0.75);
                _round++;
            }

            FitTurns();
        }
    }

    /// <summary>Makes the turns as many as the bound has; taken ones that are too many end with their calls.</summary>
    private void FitTurns()
    {
        for (; _all < (int)_bound; _all++)
            _turns.Writer.TryWrite(true);
        while (_all > (int)_bound && _turns.Reader.TryRead(out _))
            _all--;
    }
}
