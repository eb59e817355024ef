using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Security.Limits;

/// <summary>How many event streams, and sends that wait, are open, of one caller and in all. Each instance counts for itself.</summary>
internal sealed class OpenStreams(IOptions<LimitOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _callers = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Counts a stream until what is answered is disposed of.</summary>
    /// <param name="caller">Whose it is; null for an anonymous caller's.</param>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public IDisposable Open(Identity? caller)
    {
        var (limit, total) = (options.Value.OpenStreams, options.Value.TotalOpenStreams);
        var key = limit == 0 ? null : caller?.Key;
        lock (_lock)
        {
            if (total > 0 && _all >= total)
                throw A2AException.LimitExceeded(nameof(LimitOptions.TotalOpenStreams), total, "The agent has as many streams and waiting sends open as it takes");
            if (key is not null)
            {
                var open = _callers.GetValueOrDefault(key);
                if (open >= limit)
                    throw A2AException.LimitExceeded(nameof(LimitOptions.OpenStreams), limit, "You have as many streams and waiting sends open as you may");
                _callers[key] = open + 1;
            }

            _all++;
        }

        return new Place(this, key);
    }

    private void Close(string? caller)
    {
        lock (_lock)
        {
            _all--;
            // Nothing is kept of callers that have none.
            if (caller is not null && --_callers[caller] == 0)
                _callers.Remove(caller);
        }
    }

    private sealed class Place(OpenStreams streams, string? caller) : IDisposable
    {
        private bool _isClosed;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isClosed, true))
                streams.Close(caller);
        }
    }
}
