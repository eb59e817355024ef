using Google.Cloud.PubSub.V1;
using ServerlessA2A.Functions.Tests.Deployed;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>How messages are delivered: some never, some twice, some long after they were done with, all in any order.</summary>
/// <param name="seed">What decides.</param>
/// <param name="topic">The topic that they come from; those of others are delivered as they come.</param>
internal sealed class Deliveries(int seed, string topic)
{
    private readonly Random _random = new(seed);
    private readonly HashSet<string> _known = [];
    private readonly List<ReceivedMessage> _later = [];
    private bool _isCalm;

    /// <summary>Delivers from now on what comes, as it comes.</summary>
    public void Calm()
    {
        lock (_random)
            _isCalm = true;
    }

    /// <summary>Goes to <see cref="EventarcBridge.Arrange"/>.</summary>
    public IEnumerable<ReceivedMessage> Arrange(TopicName from, IReadOnlyList<ReceivedMessage> messages)
    {
        if (from.TopicId != topic)
            return messages;
        lock (_random)
            return _isCalm ? messages : Arrange(messages);
    }

    private ReceivedMessage[] Arrange(IReadOnlyList<ReceivedMessage> messages)
    {
        var now = new List<ReceivedMessage>();
        if (_random.Next(4) == 0)
        {
            now.AddRange(_later);
            _later.Clear();
        }

        foreach (var message in messages)
        {
            // Lost is only what was published first: who loses what the sweep asks for waits a minute for the next time.
            var mayBeLost = _known.Add(message.Message.Data.ToStringUtf8());
            if (!mayBeLost || _random.Next(20) > 0)
                now.Add(message);
            if (_random.Next(10) == 0)
                now.Add(message);
            if (_random.Next(10) == 0)
                _later.Add(message);
        }

        var arranged = now.ToArray();
        _random.Shuffle(arranged);
        return arranged;
    }
}
