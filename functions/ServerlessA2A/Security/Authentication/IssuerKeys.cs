using Microsoft.IdentityModel.Tokens;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// Caches a provider's keys. They are fetched again when a token names an unknown key, but not for every invented one, and periodically,
/// so that a withdrawn key is no longer accepted. If the provider is down, the cached keys stay valid.
/// </summary>
/// <remarks>
/// IdentityModel's ConfigurationManager would refresh the keys in the background, which Cloud Run suspends after the response, and by a
/// clock that tests cannot set.
/// </remarks>
internal sealed class IssuerKeys(KeySetSource source, TimeSpan refreshInterval, TimeProvider time) : IDisposable
{
    /// <summary>The age at which keys are fetched again.</summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>How soon an unreachable provider is tried again, for an unknown key.</summary>
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Known _known = new([], DateTimeOffset.MinValue, DateTimeOffset.MinValue, null);

    /// <summary>
    /// Finds the keys that may have signed a token: that of the id, or all if it names none. Empty if the provider has no such key.
    /// </summary>
    /// <exception cref="IdentityProviderException">The provider's keys cannot be fetched.</exception>
    public async ValueTask<IReadOnlyList<JsonWebKey>> FindAsync(string? id, CancellationToken cancellationToken)
    {
        var found = _known.Find(id);
        // Only callers without any usable key wait for the fetch, and they can cancel.
        if (IsDue(found) && await _turn.WaitAsync(found.Count > 0 ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancellationToken))
        {
            try
            {
                found = _known.Find(id);
                if (IsDue(found))
                    _known = await FetchAsync();
            }
            finally
            {
                _turn.Release();
            }

            found = _known.Find(id);
        }

        return found.Count == 0 && _known.Fault is { } fault ? throw new IdentityProviderException(fault.Message, fault) : found;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private bool IsDue(IReadOnlyList<JsonWebKey> found)
    {
        var (now, known) = (time.GetUtcNow(), _known);
        return found.Count > 0
            ? now - known.FetchedAt >= MaxAge && now - known.TriedAt >= refreshInterval
            : now - known.TriedAt >= (known.Fault is null ? refreshInterval : RetryInterval);
    }

    private async Task<Known> FetchAsync()
    {
        var now = time.GetUtcNow();
        try
        {
            // Independent of the request that caused it: a caller that invents keys and disconnects would trigger a fetch each time. The
            // client has its own time limit.
            return new Known(await source.FetchAsync(CancellationToken.None), now, now, null);
        }
        catch (IdentityProviderException fault)
        {
            return _known with { TriedAt = time.GetUtcNow(), Fault = fault };
        }
    }

    private sealed record Known(
        IReadOnlyList<JsonWebKey> Keys, DateTimeOffset FetchedAt, DateTimeOffset TriedAt, IdentityProviderException? Fault)
    {
        public IReadOnlyList<JsonWebKey> Find(string? id) => id is null ? Keys : [.. Keys.Where(key => key.Kid == id)];
    }
}
