using System.Text.Json;

namespace ServerlessA2A.Protocol.Tasks;

/// <summary>A change of a task's status.</summary>
/// <remarks>A2A 1.0, section 4.2.1.</remarks>
public sealed record TaskStatusUpdateEvent
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The task's conversation.</summary>
    public required string ContextId { get; init; }

    /// <summary>The new status.</summary>
    public required A2ATaskStatus Status { get; init; }

    /// <summary>Free metadata: a JSON object, returned unchanged.</summary>
    public JsonElement? Metadata { get; init; }
}
