namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>No model can read a part of a message.</summary>
/// <param name="message">The part and the reason, for the client.</param>
internal sealed class UnreadablePartException(string message) : Exception(message)
{
    /// <summary>The bucket of a file that is not allowed; null for other reasons.</summary>
    public string? Bucket { get; init; }
}
