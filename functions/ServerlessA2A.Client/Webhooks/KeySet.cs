using System.Text.Json;
using ServerlessA2A.Protocol.Keys;

namespace ServerlessA2A.Client.Webhooks;

/// <summary>
/// An agent's keys. They are read again when they are an hour old, and when one is missing, at most once a minute: anyone can name a key
/// that does not exist. While they cannot be read, the known ones stay valid, and one delivery a minute waits for the attempt.
/// </summary>
internal sealed class KeySet(Uri address, HttpClient? http, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinAge = TimeSpan.FromMinutes(1);

    /// <summary>How soon a failed read is repeated while there are no keys at all: every delivery waits for them.</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(10);
    private const int LargestKeySet = 256 * 1024;

    private readonly HttpClient _http = http ?? new HttpClient
    {
        Timeout = ReadLimit,
        MaxResponseContentBufferSize = LargestKeySet,
    };
    private readonly Lock _gate = new();
    private volatile Known _known = new([], DateTimeOffset.MinValue, DateTimeOffset.MinValue, null);
    private Task _read = Task.CompletedTask;

    /// <summary>The keys of an id; none for an unknown one.</summary>
    /// <exception cref="HttpRequestException">The key set could not be read.</exception>
    public async Task<IReadOnlyList<VerificationKey>> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (ReadFor(id) is { } read) await read.WaitAsync(cancellationToken);
        var known = _known;
        var found = known.Find(id);
        return found.Count == 0 && known.Fault is { } fault
            ? throw new HttpRequestException($"The key set {address} could not be read: {fault.Message}", fault) : found;
    }

    public void Dispose()
    {
        if (http is null) _http.Dispose();
    }

    /// <summary>The read that a delivery has to wait for; null for none. A known key waits only for the read that it starts.</summary>
    private Task? ReadFor(string id)
    {
        lock (_gate)
        {
            var (known, now) = (_known, time.GetUtcNow());
            var isKnown = known.Find(id).Count > 0;
            if (!_read.IsCompleted) return isKnown ? null : _read;
            if (isKnown && now - known.ReadAt < MaxAge) return null;
            if (now - known.TriedAt < (known.ReadAt == DateTimeOffset.MinValue ? FirstRetry : MinAge)) return null;
            return _read = ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            // Not canceled with the delivery: senders that name an unknown key and break off would prevent every read.
            using var limit = new CancellationTokenSource(ReadLimit, time);
            var json = await _http.GetByteArrayAsync(address, limit.Token);
            var (keys, now) = (VerificationKey.ReadAll(JsonElement.Parse(json)), time.GetUtcNow());
            _known = new(keys, now, now, null);
        }
        catch (JsonException fault)
        {
            Fail(new JsonException("It is not a JSON Web Key Set.", fault));
        }
        catch (Exception fault)
        {
            // Whatever the program's HttpClient throws. Otherwise each delivery would start another read.
            Fail(fault);
        }

        void Fail(Exception fault) => _known = _known with { TriedAt = time.GetUtcNow(), Fault = fault };
    }

    private sealed record Known(IReadOnlyList<VerificationKey> Keys, DateTimeOffset ReadAt, DateTimeOffset TriedAt, Exception? Fault)
    {
        public IReadOnlyList<VerificationKey> Find(string id) => [.. Keys.Where(key => key.Id == id)];
    }
}
