using System.Text.Json;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Protocol.Tasks;

/// <summary>The unit of work: its messages, its status and its results.</summary>
/// <remarks>A2A 1.0, section 4.1.1.</remarks>
public sealed record A2ATask
{
    /// <summary>The task's id, made by the server.</summary>
    public required string Id { get; init; }

    /// <summary>The conversation that the task belongs to.</summary>
    public string? ContextId { get; init; }

    /// <summary>The current status.</summary>
    public required A2ATaskStatus Status { get; init; }

    /// <summary>The artifacts so far, in the order of first appearance; null if there are none or they were not requested.</summary>
    public IReadOnlyList<Artifact>? Artifacts { get; init; }

    /// <summary>The messages of the task, oldest first; null if there are none or none were requested.</summary>
    public IReadOnlyList<Message>? History { get; init; }

    /// <summary>Free metadata: a JSON object, returned unchanged.</summary>
    public JsonElement? Metadata { get; init; }
}
