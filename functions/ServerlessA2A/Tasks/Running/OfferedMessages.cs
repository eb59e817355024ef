using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>The messages that a run offers to its agent, and the number of those that the agent has read.</summary>
internal sealed class OfferedMessages : ChannelReader<Message>
{
    private static readonly Channel<Message> Ended = CreateEnded();

    // Most runs are offered nothing: both are made when they are needed.
    private Channel<Message>? _offered;
    private ConcurrentDictionary<Message, Sender?>? _senders;
    private int _taken;

    /// <summary>Offers what is pending when the run begins.</summary>
    public OfferedMessages(TaskSnapshot task)
    {
        Known = task.AddedMessages - task.Pending.Count;
        Offer(task);
    }

    /// <summary>How many added messages of the task the run has seen (<see cref="TaskSnapshot.AddedMessages"/>).</summary>
    public int Known { get; private set; }

    /// <summary>Offers what was added since.</summary>
    public void Offer(TaskSnapshot task)
    {
        foreach (var added in task.Pending.TakeLast(task.AddedMessages - Known))
        {
            (_senders ??= new(ReferenceEqualityComparer.Instance))[added.Message] = added.Sender;
            Offered.Writer.TryWrite(added.Message);
        }

        Known = task.AddedMessages;
    }

    /// <summary>Whether the message was offered, and how its sender authenticated: null where an older version stored it.</summary>
    public bool TryGetSender(Message message, out Sender? sender)
    {
        sender = null;
        return _senders?.TryGetValue(message, out sender) == true;
    }

    /// <summary>Returns how many messages the agent has read since the last call.</summary>
    public int CountTaken() => Interlocked.Exchange(ref _taken, 0);

    /// <summary>Ends the channel with the run: waiting readers return.</summary>
    public void End() => (Interlocked.CompareExchange(ref _offered, Ended, null) ?? Ended).Writer.TryComplete();

    /// <inheritdoc/>
    public override bool CanCount => true;

    /// <inheritdoc/>
    public override int Count => _offered?.Reader.Count ?? 0;

    /// <inheritdoc/>
    public override bool CanPeek => true;

    /// <inheritdoc/>
    public override Task Completion => Offered.Reader.Completion;

    /// <inheritdoc/>
    public override bool TryRead([MaybeNullWhen(false)] out Message item)
    {
        item = null;
        if (_offered is not { } offered || !offered.Reader.TryRead(out item))
            return false;
        Interlocked.Increment(ref _taken);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryPeek([MaybeNullWhen(false)] out Message item)
    {
        if (_offered is { } offered)
            return offered.Reader.TryPeek(out item);
        item = null;
        return false;
    }

    /// <inheritdoc/>
    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) =>
        Offered.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>The channel. The agent may wait for it while the run offers or ends: of two that make one, the first counts.</summary>
    private Channel<Message> Offered
    {
        get
        {
            if (_offered is { } offered)
                return offered;
            var made = Channel.CreateUnbounded<Message>();
            return Interlocked.CompareExchange(ref _offered, made, null) ?? made;
        }
    }

    private static Channel<Message> CreateEnded()
    {
        var ended = Channel.CreateUnbounded<Message>();
        ended.Writer.Complete();
        return ended;
    }
}
