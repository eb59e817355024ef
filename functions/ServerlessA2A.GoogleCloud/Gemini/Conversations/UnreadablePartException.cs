namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>A message has a part that can't be given to a model.</summary>
/// <param name="message">Which one and why, for the client.</param>
internal sealed class UnreadablePartException(string message) : Exception(message)
{
    /// <summary>The bucket of a file that may not be read; null where that is not the reason.</summary>
    public string? Bucket { get; init; }
}
