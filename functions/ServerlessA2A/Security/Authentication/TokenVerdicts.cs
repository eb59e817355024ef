using System.Security.Cryptography;
using System.Text;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// Caches the results of checking tokens by the tokens' hashes; the tokens themselves are not kept. If a token arrives in several
/// requests at once, one of them checks it and the others wait. Invented tokens displace no valid ones, and reach the provider only
/// a limited number at a time.
/// </summary>
internal sealed class TokenVerdicts(TimeProvider time) : IDisposable
{
    /// <summary>The number of accepted tokens that are remembered, and of others; above it the oldest is dropped.</summary>
    internal const int Capacity = 10_000;

    /// <summary>The number of checks in progress; more wait for their turn.</summary>
    internal const int QuestionsAtOnce = 8;

    private readonly Lock _lock = new();
    private readonly Entries _good = new();

    /// <summary>Rejected tokens, and those that have not been checked yet.</summary>
    private readonly Entries _others = new();

    private readonly SemaphoreSlim _questions = new(QuestionsAtOnce, QuestionsAtOnce);

    /// <summary>The cached verdict on a token, or else the result of <paramref name="ask"/>. If that fails, nothing is cached.</summary>
    public async ValueTask<TokenVerdict> GetAsync(
        string token, Func<string, CancellationToken, Task<TokenVerdict>> ask, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var entry = EntryOf(hash);
        if (Remembered(entry) is { } known)
            return known;
        // If this request is aborted, the next one checks the token: no check outlives its request.
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

    private async Task<TokenVerdict> AskAsync(
        string token, Func<string, CancellationToken, Task<TokenVerdict>> ask, CancellationToken cancellationToken)
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

    /// <summary>The entry stays among the unchecked tokens until it is the oldest of them; it displaces only worthless entries.</summary>
    private void KeepAsGood(string hash, Entry entry)
    {
        lock (_lock)
        {
            if (_good.Find(hash) is null)
                _good.Add(hash, entry);
        }
    }

    /// <summary>Adds an entry; drops the oldest one above the limit.</summary>
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
