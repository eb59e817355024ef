using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Security.Limits;

/// <summary>Limits the rate of requests, per caller and in total. Each instance counts for itself.</summary>
internal sealed class RequestRates(IOptions<LimitOptions> options, TimeProvider time)
{
    private readonly TokenBuckets? _callers = options.Value.RequestsPerSecond > 0
        ? new TokenBuckets(options.Value.RequestsPerSecond, options.Value.RequestBurst, time)
        : null;

    private readonly TokenBucket? _all = options.Value.TotalRequestsPerSecond > 0
        ? new TokenBucket(options.Value.TotalRequestsPerSecond, options.Value.TotalRequestBurst, time)
        : null;

    /// <summary>Counts a request of any caller.</summary>
    /// <returns>Null, or the rejection.</returns>
    public A2AException? Take() => _all?.Take() is { } wait
        ? A2AException.LimitExceeded(
            nameof(LimitOptions.TotalRequestsPerSecond), options.Value.TotalRequestsPerSecond,
            "The agent has too many requests at the moment", wait)
        : null;

    /// <summary>Counts a request of a caller.</summary>
    /// <returns>Null, or the rejection.</returns>
    public A2AException? Take(Identity caller) => _callers?.Of(caller.Key).Take() is { } wait
        ? A2AException.LimitExceeded(
            nameof(LimitOptions.RequestsPerSecond), options.Value.RequestsPerSecond, "You make too many requests a second", wait)
        : null;
}
