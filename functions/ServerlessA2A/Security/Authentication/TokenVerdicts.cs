using System.Security.Cryptography;
using System.Text;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// Remembers what is known of tokens, by their hash: a token itself is not kept. Of those who come with the same token at once one asks, and the others wait for it.
/// </summary>
internal sealed class TokenVerdicts(TimeProvider time)
{
    /// <summary>How many tokens are remembered; then the oldest is forgotten.</summary>
    internal const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Queue<string> _oldestFirst = [];

    /// <summary>The verdict on a token: the one that is remembered, or what <paramref name="ask"/> answers. If that fails, nothing is remembered.</summary>
    public async ValueTask<TokenVerdict> GetAsync(string token, Func<string, CancellationToken, Task<TokenVerdict>> ask, CancellationToken cancellationToken)
    {
        var entry = EntryOf(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
        if (Remembered(entry) is { } known)
            return known;
        // Whoever gives up lets the next one ask: no question is left behind when its request has ended.
        await entry.Turn.WaitAsync(cancellationToken);
        try
        {
            return Remembered(entry) ?? (entry.Verdict = await ask(token, cancellationToken));
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    private TokenVerdict? Remembered(Entry entry) => entry.Verdict is { } verdict && time.GetUtcNow() < verdict.Until ? verdict : null;

    private Entry EntryOf(string hash)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(hash, out var entry))
                return entry;
            if (_entries.Count == Capacity)
                _entries.Remove(_oldestFirst.Dequeue());
            _entries.Add(hash, entry = new Entry());
            _oldestFirst.Enqueue(hash);
            return entry;
        }
    }

    private sealed class Entry
    {
        private volatile TokenVerdict? _verdict;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public TokenVerdict? Verdict
        {
            get => _verdict;
            set => _verdict = value;
        }
    }
}
