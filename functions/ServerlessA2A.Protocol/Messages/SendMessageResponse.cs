using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Messages;

/// <summary>The response to a message. Exactly one member is set.</summary>
/// <remarks>A2A 1.0, section 3.1.1.</remarks>
public sealed record SendMessageResponse
{
    /// <summary>The task that was created or continued.</summary>
    public A2ATask? Task { get; init; }

    /// <summary>The agent's answer without a task.</summary>
    public Message? Message { get; init; }
}
