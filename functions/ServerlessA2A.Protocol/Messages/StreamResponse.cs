using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Messages;

/// <summary>One item of a stream. Exactly one member is set.</summary>
/// <remarks>A2A 1.0, section 3.2.3.</remarks>
public sealed record StreamResponse
{
    /// <summary>The current task: the first item of a stream.</summary>
    public A2ATask? Task { get; init; }

    /// <summary>A message: the only item of its stream.</summary>
    public Message? Message { get; init; }

    /// <summary>A change of the status.</summary>
    public TaskStatusUpdateEvent? StatusUpdate { get; init; }

    /// <summary>A new artifact, or a chunk of one.</summary>
    public TaskArtifactUpdateEvent? ArtifactUpdate { get; init; }
}
