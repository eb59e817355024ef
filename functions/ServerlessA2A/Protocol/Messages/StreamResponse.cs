using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Messages;

/// <summary>One item of a stream. Exactly one member is set.</summary>
/// <remarks>A2A 1.0, section 3.2.3.</remarks>
internal sealed record StreamResponse
{
    /// <summary>The task as it stands: the first item of a stream.</summary>
    public A2ATask? Task { get; init; }

    /// <summary>A message: then the only item of its stream.</summary>
    public Message? Message { get; init; }

    /// <summary>The status has changed.</summary>
    public TaskStatusUpdateEvent? StatusUpdate { get; init; }

    /// <summary>An artifact was made or has grown.</summary>
    public TaskArtifactUpdateEvent? ArtifactUpdate { get; init; }
}
