using System.Collections.Concurrent;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>
/// A receiver that fails three calls of ten, in three ways, and lets every twentieth hang; of each webhook it remembers what it was told,
/// whether it has taken it or not.
/// </summary>
internal sealed class UnreliableReceiver : IAsyncDisposable
{
    /// <summary>
    /// How many calls of one webhook fail in a row at most. Each doubles the pause until the next: without an end to it, one webhook of
    /// hundreds would have to be waited for for minutes.
    /// </summary>
    private const int MostInARow = 4;

    private readonly ConcurrentDictionary<string, Webhook> _webhooks = new();
    private readonly Action _taken;
    private readonly WebhookReceiver _receiver;
    private readonly Random _random;
    private int _failed;
    private int _hung;

    private UnreliableReceiver(WebhookReceiver receiver, int seed, Action taken)
    {
        (_receiver, _random, _taken) = (receiver, new Random(seed), taken);
        _receiver.Answer = AnswerAsync;
    }

    /// <summary>Starts one.</summary>
    /// <param name="seed">What decides.</param>
    /// <param name="taken">Called when a webhook has taken a terminal state.</param>
    public static async Task<UnreliableReceiver> StartAsync(int seed, Action taken) => new(await WebhookReceiver.StartAsync(), seed, taken);

    /// <summary>The address of a webhook.</summary>
    public Uri AddressOf(string name) => new(_receiver.Address, $"/{name}");

    /// <summary>What a webhook was told until now.</summary>
    public Webhook Of(string name) => _webhooks.GetOrAdd($"/{name}", _ => new Webhook());

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    public override string ToString()
    {
        var calls = _webhooks.Values.Sum(webhook => webhook.Told.Count);
        return $"{_webhooks.Count} webhooks, {calls} calls, of which {_failed} failed ({100.0 * _failed / calls:0} %) and {_hung} hung " +
            $"({100.0 * _hung / calls:0} %), "
            + $"{_webhooks.Values.Sum(webhook => webhook.Repeated)} events were told again after they had been taken";
    }

    private async Task<(int Status, string? RetryAfter)> AnswerAsync(ReceivedWebhook received, CancellationToken gone)
    {
        var webhook = _webhooks.GetOrAdd(received.Path, _ => new Webhook());
        int roll;
        lock (_random)
            roll = _random.Next(100);
        if (!webhook.Tell(received, isTaken: roll >= 35, MostInARow))
        {
            if (roll is >= 30)
            {
                Interlocked.Increment(ref _hung);
                await Task.Delay(Timeout.Infinite, gone);
            }

            Interlocked.Increment(ref _failed);
            return roll switch { < 10 => (500, null), < 15 => (503, null), < 20 => (503, "1"), _ => (0, null) };
        }

        if (TaskStates.IsTerminal(received.State))
            _taken();
        return (204, null);
    }

    /// <summary>One of its webhooks.</summary>
    internal sealed class Webhook
    {
        private readonly List<ReceivedWebhook> _told = [];
        private readonly HashSet<long> _taken = [];
        private int _inARow;

        public IReadOnlyList<ReceivedWebhook> Told
        {
            get
            {
                lock (_told)
                    return [.. _told];
            }
        }

        /// <summary>How often it was told again what it had taken.</summary>
        public int Repeated { get; private set; }

        /// <summary>Whether it knows how its task has ended.</summary>
        public bool HasEnded { get; private set; }

        /// <summary>Tells it something.</summary>
        /// <returns>Whether it takes it.</returns>
        public bool Tell(ReceivedWebhook received, bool isTaken, int mostInARow)
        {
            lock (_told)
            {
                _told.Add(received);
                if (_taken.Contains(received.Seq))
                    Repeated++;
                isTaken |= _inARow >= mostInARow;
                _inARow = isTaken ? 0 : _inARow + 1;
                if (isTaken)
                    _taken.Add(received.Seq);
                HasEnded |= isTaken && TaskStates.IsTerminal(received.State);
                return isTaken;
            }
        }
    }
}
