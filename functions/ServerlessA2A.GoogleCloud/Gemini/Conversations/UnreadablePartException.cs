namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>A message has a part that can't be given to a model.</summary>
/// <param name="message">Which one and why, for the client.</param>
internal sealed class UnreadablePartException(string message) : Exception(message);
