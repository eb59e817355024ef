using System.Text.Json;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Protocol.Tasks;

/// <summary>An artifact was made, or grew by a chunk.</summary>
/// <remarks>A2A 1.0, section 4.2.2.</remarks>
internal sealed record TaskArtifactUpdateEvent
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The task's conversation.</summary>
    public required string ContextId { get; init; }

    /// <summary>The artifact, or the chunk of it.</summary>
    public required Artifact Artifact { get; init; }

    /// <summary>True where the parts are appended to the artifact of the same id; false where they replace it.</summary>
    public bool Append { get; init; }

    /// <summary>True where nothing more will come for this artifact.</summary>
    public bool LastChunk { get; init; }

    /// <summary>Free additions: a JSON object, returned as it came.</summary>
    public JsonElement? Metadata { get; init; }
}
