using System.Collections.Concurrent;

namespace ServerlessA2A.Security.Limits;

/// <summary>A <see cref="TokenBucket"/> per key, all with the same rate.</summary>
/// <param name="perSecond">The tokens added per second; above 0.</param>
/// <param name="burst">The capacity of each.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBuckets(double perSecond, int burst, TimeProvider time)
{
    /// <summary>The number of buckets that are kept. Above it full ones are dropped.</summary>
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>The bucket of a key.</summary>
    public TokenBucket Of(string key)
    {
        if (_buckets.TryGetValue(key, out var bucket))
            return bucket;
        if (_buckets.Count >= Capacity)
            Forget();
        return _buckets.GetOrAdd(key, _ => new TokenBucket(perSecond, burst, time));
    }

    private void Forget()
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull)
                _buckets.TryRemove(key, out _);
        }
    }
}
