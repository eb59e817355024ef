using System.Text.Json;
using ServerlessA2A.Protocol.Keys;

namespace ServerlessA2A.Client.Webhooks;

/// <summary>
/// An agent's keys. They are read again when they are an hour old, and when one is missing, at most once a minute: anyone can name a key
/// that does not exist.
/// </summary>
internal sealed class KeySet(Uri address, HttpClient? http, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinAge = TimeSpan.FromMinutes(1);
    private const int LargestKeySet = 256 * 1024;

    private readonly HttpClient _http = http ?? new HttpClient
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = LargestKeySet,
    };
    private readonly SemaphoreSlim _turn = new(1);
    private IReadOnlyList<VerificationKey> _keys = [];
    private DateTimeOffset? _readAt;

    /// <summary>The keys of an id; none for an unknown one.</summary>
    /// <exception cref="HttpRequestException">The key set could not be read.</exception>
    public async Task<IReadOnlyList<VerificationKey>> FindAsync(string id, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var age = _readAt is { } readAt ? time.GetUtcNow() - readAt : TimeSpan.MaxValue;
            var known = Find(id);
            if (age < MinAge || (known.Count > 0 && age < MaxAge)) return known;
            try
            {
                var json = await _http.GetByteArrayAsync(address, cancellationToken);
                (_keys, _readAt) = (VerificationKey.ReadAll(JsonElement.Parse(json)), time.GetUtcNow());
            }
            catch (JsonException exception)
            {
                throw new HttpRequestException($"{address} is not a JSON Web Key Set.", exception);
            }
            catch (HttpRequestException) when (known.Count > 0)
            {
                // An agent that is down for a moment does not make its keys invalid.
                return known;
            }

            return Find(id);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        if (http is null) _http.Dispose();
        _turn.Dispose();
    }

    private List<VerificationKey> Find(string id) => [.. _keys.Where(key => key.Id == id)];
}
