namespace ServerlessA2A.Chat.Conversations;

/// <summary>No model can read a part of a message.</summary>
/// <param name="message">The part and the reason, for the client.</param>
internal sealed class UnreadablePartException(string message) : Exception(message)
{
    /// <summary>Which setting denies the file, for the operator's log; null for other reasons.</summary>
    public string? Denial { get; init; }
}
