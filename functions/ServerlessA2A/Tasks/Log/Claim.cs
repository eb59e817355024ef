namespace ServerlessA2A.Tasks.Log;

/// <summary>What a message has made: an owner's message id claims one task for one content, so that a retry finds its task.</summary>
/// <param name="TaskId">The task that the message made.</param>
/// <param name="ContentHash">The hash of the message's content; null for a claim of an earlier release, which matches any content.</param>
public sealed record Claim(string TaskId, string? ContentHash);
