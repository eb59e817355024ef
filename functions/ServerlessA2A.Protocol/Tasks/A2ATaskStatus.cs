using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Protocol.Tasks;

/// <summary>The state of a task at a point in time, with a message of the agent.</summary>
/// <remarks>A2A 1.0, section 4.1.2.</remarks>
public sealed record A2ATaskStatus
{
    /// <summary>The state.</summary>
    public required TaskState State { get; init; }

    /// <summary>The agent's message about the state: a question, a reason, or progress.</summary>
    public Message? Message { get; init; }

    /// <summary>When the state was recorded: UTC, milliseconds.</summary>
    public DateTimeOffset? Timestamp { get; init; }
}
