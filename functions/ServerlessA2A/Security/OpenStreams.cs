using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Security;

/// <summary>How many event streams are open, of one caller and in all. Each instance counts for itself.</summary>
internal sealed class OpenStreams(IOptions<LimitOptions> options)
{
    private readonly ConcurrentDictionary<string, int> _callers = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Counts a stream until what is answered is disposed of.</summary>
    /// <param name="caller">Whose it is; null for an anonymous caller's.</param>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public IDisposable Open(Identity? caller)
    {
        var (limit, total) = (options.Value.OpenStreams, options.Value.TotalOpenStreams);
        if (Interlocked.Increment(ref _all) > total && total > 0)
        {
            Interlocked.Decrement(ref _all);
            throw A2AException.LimitExceeded(nameof(LimitOptions.TotalOpenStreams), total, "The agent has no more streams to open at the moment");
        }

        if (caller is null || limit == 0 || _callers.AddOrUpdate(caller.Key, 1, static (_, open) => open + 1) <= limit)
            return new Place(this, limit == 0 ? null : caller?.Key);
        Close(caller.Key);
        throw A2AException.LimitExceeded(nameof(LimitOptions.OpenStreams), limit, "You have as many streams open as you may");
    }

    private void Close(string? caller)
    {
        Interlocked.Decrement(ref _all);
        if (caller is null)
            return;
        // Nothing is kept of callers that have none; one that opens another meanwhile keeps its count.
        if (_callers.AddOrUpdate(caller, 0, static (_, open) => open - 1) == 0)
            _callers.TryRemove(new(caller, 0));
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
