using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Security.Limits;

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
    /// <returns>Null; or why it is refused.</returns>
    public A2AException? Take() => _all?.Take() is { } wait
        ? A2AException.LimitExceeded(nameof(LimitOptions.TotalRequestsPerSecond), options.Value.TotalRequestsPerSecond, "The agent takes no more requests at the moment", wait)
        : null;

    /// <summary>Counts a request of a caller.</summary>
    /// <returns>Null; or why it is refused.</returns>
    public A2AException? Take(Identity caller) => _callers?.Of(caller.Key).Take() is { } wait
        ? A2AException.LimitExceeded(nameof(LimitOptions.RequestsPerSecond), options.Value.RequestsPerSecond, "You make more requests a second than you may", wait)
        : null;
}
