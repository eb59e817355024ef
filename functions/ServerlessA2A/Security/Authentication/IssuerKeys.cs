using Microsoft.IdentityModel.Tokens;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// A provider's keys, as they were fetched last. They are fetched again when a token names one that is not there, though not as often as somebody likes to invent
/// names, and now and then, so that a key that was withdrawn is no longer taken. A provider that is down changes nothing for the keys that are known.
/// </summary>
/// <remarks>
/// IdentityModel's ConfigurationManager would do it in the background, which Cloud Run stops with the response, and by a clock that is not ours to set.
/// </remarks>
internal sealed class IssuerKeys(KeySetSource source, TimeSpan refreshInterval, TimeProvider time) : IDisposable
{
    /// <summary>How old keys become before they are fetched again.</summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>How soon a provider that could not be reached is asked again, for a key that is not known.</summary>
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Known _known = new([], DateTimeOffset.MinValue, DateTimeOffset.MinValue, null);

    /// <summary>The keys that a token may be signed with: that of the id, or any where it names none; none where the provider has no such key.</summary>
    /// <exception cref="IdentityProviderException">It is not known whether the provider has it.</exception>
    public async ValueTask<IReadOnlyList<JsonWebKey>> FindAsync(string? id, CancellationToken cancellationToken)
    {
        var found = _known.Find(id);
        // Only those wait who have nothing to go on with, and they may give up.
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
            // It does not end with the request that wanted it: a caller that invents keys and hangs up would make us ask each time. The client gives up by itself.
            return new Known(await source.FetchAsync(CancellationToken.None), now, now, null);
        }
        catch (IdentityProviderException fault)
        {
            return _known with { TriedAt = time.GetUtcNow(), Fault = fault };
        }
    }

    private sealed record Known(IReadOnlyList<JsonWebKey> Keys, DateTimeOffset FetchedAt, DateTimeOffset TriedAt, IdentityProviderException? Fault)
    {
        public IReadOnlyList<JsonWebKey> Find(string? id) => id is null ? Keys : [.. Keys.Where(key => key.Kid == id)];
    }
}
