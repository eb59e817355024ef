using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Security;

/// <summary>How fast requests may come, from one caller and in all. Each instance counts for itself.</summary>
internal sealed class RequestRates(IOptions<LimitOptions> options, TimeProvider time)
{
    private readonly TokenBuckets? _callers = options.Value.RequestsPerSecond > 0
        ? new TokenBuckets(options.Value.RequestsPerSecond, options.Value.RequestBurst, time)
        : null;

    private readonly TokenBucket? _all = options.Value.TotalRequestsPerSecond > 0
        ? new TokenBucket(options.Value.TotalRequestsPerSecond, options.Value.TotalRequestBurst, time)
        : null;

    /// <summary>Counts a request, whoever it comes from.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public void Take()
    {
        if (_all?.Take() is { } wait)
            throw A2AException.LimitExceeded(nameof(LimitOptions.TotalRequestsPerSecond), options.Value.TotalRequestsPerSecond, "The agent takes no more requests at the moment", wait);
    }

    /// <summary>Counts a request of a caller.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    public void Take(Identity caller)
    {
        if (_callers?.Of(caller.Key).Take() is { } wait)
            throw A2AException.LimitExceeded(nameof(LimitOptions.RequestsPerSecond), options.Value.RequestsPerSecond, "You make more requests a second than you may", wait);
    }
}
