using System.Text.Json;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Protocol.Tasks;

/// <summary>A new artifact, or a chunk of one.</summary>
/// <remarks>A2A 1.0, section 4.2.2.</remarks>
public sealed record TaskArtifactUpdateEvent
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The task's conversation.</summary>
    public required string ContextId { get; init; }

    /// <summary>The artifact, or the chunk of it.</summary>
    public required Artifact Artifact { get; init; }

    /// <summary>Whether the parts are appended to the artifact with the same id; otherwise they replace it.</summary>
    public bool Append { get; init; }

    /// <summary>Whether this is the last chunk of the artifact.</summary>
    public bool LastChunk { get; init; }

    /// <summary>Free metadata: a JSON object, returned unchanged.</summary>
    public JsonElement? Metadata { get; init; }
}
