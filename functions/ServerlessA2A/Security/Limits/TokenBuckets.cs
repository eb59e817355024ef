using System.Collections.Concurrent;

namespace ServerlessA2A.Security.Limits;

/// <summary>A <see cref="TokenBucket"/> for each of many keys, all alike.</summary>
/// <param name="perSecond">How many tokens come back in a second; above 0.</param>
/// <param name="burst">How many there are at most.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBuckets(double perSecond, int burst, TimeProvider time)
{
    /// <summary>How many are kept. Above it those are forgotten from which nothing was taken for long.</summary>
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>The bucket of that key.</summary>
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
