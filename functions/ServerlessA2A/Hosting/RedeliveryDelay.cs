namespace ServerlessA2A.Hosting;

/// <summary>The delay before a message's next delivery: doubles after each one, up to a limit.</summary>
/// <param name="First">The time between the first and the second delivery.</param>
/// <param name="Longest">The limit.</param>
internal readonly record struct RedeliveryDelay(TimeSpan First, TimeSpan Longest)
{
    /// <summary>1 to 30 seconds: for local runs, and for delivery requests, which fail only if the store or the queue does.</summary>
    public static RedeliveryDelay Short { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>
    /// 10 seconds to 10 minutes, like the subscriptions of the deployed functions: an outage of the store may last that long.
    /// </summary>
    public static RedeliveryDelay Long { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));

    /// <summary>The time between a delivery and the next one.</summary>
    /// <param name="delivery">The number of the delivery, from 1.</param>
    public TimeSpan After(int delivery)
    {
        // From 2^20 on any delay exceeds the limit, and larger powers would overflow.
        var delay = First * (1 << Math.Min(delivery - 1, 20));
        return delay < Longest ? delay : Longest;
    }
}
