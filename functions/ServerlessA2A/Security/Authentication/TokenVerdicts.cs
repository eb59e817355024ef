using System.Security.Cryptography;
using System.Text;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// Remembers what is known of tokens, by their hash: a token itself is not kept. Of those who come with the same token at once one asks, and the others wait for it.
/// Anybody can invent tokens: they take no place from good ones, nor do they reach the provider faster than so many at a time.
/// </summary>
internal sealed class TokenVerdicts(TimeProvider time) : IDisposable
{
    /// <summary>How many good tokens are remembered, and how many others; then the oldest of them is forgotten.</summary>
    internal const int Capacity = 10_000;

    /// <summary>How many questions are asked at a time. Others wait their turn.</summary>
    internal const int QuestionsAtOnce = 8;

    private readonly Lock _lock = new();
    private readonly Entries _good = new();

    /// <summary>Those that are refused, and those that nothing is known of yet.</summary>
    private readonly Entries _others = new();

    private readonly SemaphoreSlim _questions = new(QuestionsAtOnce, QuestionsAtOnce);

    /// <summary>The verdict on a token: the one that is remembered, or what <paramref name="ask"/> answers. If that fails, nothing is remembered.</summary>
    public async ValueTask<TokenVerdict> GetAsync(string token, Func<string, CancellationToken, Task<TokenVerdict>> ask, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var entry = EntryOf(hash);
        if (Remembered(entry) is { } known)
            return known;
        // Whoever gives up lets the next one ask: no question is left behind when its request has ended.
        await entry.Turn.WaitAsync(cancellationToken);
        try
        {
            if (Remembered(entry) is { } meanwhile)
                return meanwhile;
            entry.Verdict = await AskAsync(token, ask, cancellationToken);
            if (entry.Verdict.Identity is not null)
                KeepAsGood(hash, entry);
            return entry.Verdict;
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _questions.Dispose();

    private TokenVerdict? Remembered(Entry entry) => entry.Verdict is { } verdict && time.GetUtcNow() < verdict.Until ? verdict : null;

    private async Task<TokenVerdict> AskAsync(string token, Func<string, CancellationToken, Task<TokenVerdict>> ask, CancellationToken cancellationToken)
    {
        await _questions.WaitAsync(cancellationToken);
        try
        {
            return await ask(token, cancellationToken);
        }
        finally
        {
            _questions.Release();
        }
    }

    private Entry EntryOf(string hash)
    {
        lock (_lock)
            return _good.Find(hash) ?? _others.Find(hash) ?? _others.Add(hash, new Entry());
    }

    /// <summary>Among the others it stays until it is the oldest of them: it takes the place of one that is worth nothing.</summary>
    private void KeepAsGood(string hash, Entry entry)
    {
        lock (_lock)
        {
            if (_good.Find(hash) is null)
                _good.Add(hash, entry);
        }
    }

    /// <summary>As many as there may be; the oldest makes room.</summary>
    private sealed class Entries
    {
        private readonly Dictionary<string, Entry> _entries = [];
        private readonly Queue<string> _oldestFirst = [];

        public Entry? Find(string hash) => _entries.GetValueOrDefault(hash);

        public Entry Add(string hash, Entry entry)
        {
            if (_entries.Count == Capacity)
                _entries.Remove(_oldestFirst.Dequeue());
            _entries.Add(hash, entry);
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
