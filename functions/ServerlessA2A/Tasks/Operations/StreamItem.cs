using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>One item of a stream.</summary>
/// <param name="Id">
/// The number of the last event that the item includes: a client that has it continues after it. Null for a piece of the opening that more
/// pieces follow: a client that has no more than that opens the stream again.
/// </param>
/// <param name="Response">The item that the client receives.</param>
/// <param name="IsFinal">True where the stream ends with this item (0.3's <c>final</c>).</param>
internal sealed record StreamItem(long? Id, StreamResponse Response, bool IsFinal)
{
    /// <summary>The message that is the whole stream for a client that was sent nothing before; null for none.</summary>
    internal Message? Reply { get; init; }
}
