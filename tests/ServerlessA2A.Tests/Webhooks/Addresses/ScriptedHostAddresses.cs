using System.Collections.Concurrent;
using System.Net;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Tests.Webhooks.Addresses;

/// <summary>Names that lead where a test says, and to one place after the other where it says several; the last answer stays.</summary>
public sealed class ScriptedHostAddresses : IHostAddresses
{
    private readonly ConcurrentDictionary<string, Queue<IPAddress[]>> _answers = new();

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Adds an answer: addresses, with spaces between; none for a name that is not known.</summary>
    public ScriptedHostAddresses Add(string host, string addresses)
    {
        _answers.GetOrAdd(host, _ => new())
            .Enqueue([.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)]);
        return this;
    }

    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Asked.Enqueue(host);
        if (host.StartsWith("silent.", StringComparison.Ordinal))
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        if (!_answers.TryGetValue(host, out var answers))
            return [];
        lock (answers)
            return answers.Count > 1 ? answers.Dequeue() : answers.Peek();
    }
}
