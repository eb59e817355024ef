using System.Text.Json;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Protocol.Tasks;

/// <summary>The unit of work: what was asked, where it stands and what came out.</summary>
/// <remarks>A2A 1.0, section 4.1.1.</remarks>
public sealed record A2ATask
{
    /// <summary>The task's id, made by the server.</summary>
    public required string Id { get; init; }

    /// <summary>The conversation that the task belongs to.</summary>
    public string? ContextId { get; init; }

    /// <summary>Where the task stands.</summary>
    public required A2ATaskStatus Status { get; init; }

    /// <summary>What the task has produced so far, in the order of first appearance; null when there is nothing or it was not asked for.</summary>
    public IReadOnlyList<Artifact>? Artifacts { get; init; }

    /// <summary>The messages of the task, oldest first; null when there are none or none were asked for.</summary>
    public IReadOnlyList<Message>? History { get; init; }

    /// <summary>Free additions: a JSON object, returned as it came.</summary>
    public JsonElement? Metadata { get; init; }
}
