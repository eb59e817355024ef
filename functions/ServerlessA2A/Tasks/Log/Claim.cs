namespace ServerlessA2A.Tasks.Log;

/// <summary>The task that a message created: an owner's message id claims one task for one content, so that a retry finds it.</summary>
/// <param name="TaskId">The task that the message created.</param>
/// <param name="ContentHash">The hash of the message's content; null for a claim of an earlier release, which matches any content.</param>
public sealed record Claim(string TaskId, string? ContentHash);
