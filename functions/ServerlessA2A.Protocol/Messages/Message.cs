using System.Text.Json;

namespace ServerlessA2A.Protocol.Messages;

/// <summary>One turn of the conversation between a client and the agent.</summary>
/// <remarks>A2A 1.0, section 4.1.4.</remarks>
public sealed record Message
{
    /// <summary>The id of the message, chosen by its sender. A repeated send with the same id finds the task of the first one.</summary>
    public required string MessageId { get; init; }

    /// <summary>The conversation that the message belongs to.</summary>
    public string? ContextId { get; init; }

    /// <summary>The task that the message continues.</summary>
    public string? TaskId { get; init; }

    /// <summary>The sender's role.</summary>
    public required Role Role { get; init; }

    /// <summary>The content: at least one part.</summary>
    public required IReadOnlyList<Part> Parts { get; init; }

    /// <summary>Free metadata: a JSON object, returned unchanged.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The URIs of the extensions that contributed to the message.</summary>
    public IReadOnlyList<string>? Extensions { get; init; }

    /// <summary>Other tasks that the message refers to.</summary>
    public IReadOnlyList<string>? ReferenceTaskIds { get; init; }
}
