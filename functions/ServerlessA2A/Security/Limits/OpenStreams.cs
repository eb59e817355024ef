using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Security.Limits;

/// <summary>The number of open event streams and waiting sends, per caller and in total. Each instance counts for itself.</summary>
internal sealed class OpenStreams(IOptions<LimitOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _callers = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Counts a stream until the result is disposed.</summary>
    /// <param name="caller">The stream's caller; null for an anonymous one.</param>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public IDisposable Open(Identity? caller)
    {
        var (limit, total) = (options.Value.OpenStreams, options.Value.TotalOpenStreams);
        var key = limit == 0 ? null : caller?.Key;
        lock (_lock)
        {
            if (total > 0 && _all >= total)
                throw A2AException.LimitExceeded(
                    nameof(LimitOptions.TotalOpenStreams), total, "The agent has too many open streams and waiting sends");
            if (key is not null)
            {
                var open = _callers.GetValueOrDefault(key);
                if (open >= limit)
                    throw A2AException.LimitExceeded(
                        nameof(LimitOptions.OpenStreams), limit, "You have too many open streams and waiting sends");
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
            // Callers without streams have no entry.
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
