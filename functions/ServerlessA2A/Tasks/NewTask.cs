using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks;

/// <summary>What is stored, in one step, when a task is created.</summary>
public sealed record NewTask
{
    /// <summary>The snapshot, folded over <see cref="First"/>.</summary>
    public required TaskSnapshot Snapshot { get; init; }

    /// <summary>The first entry of the log.</summary>
    public required LogEntry First { get; init; }

    /// <summary>The webhook that came with the message, if one did.</summary>
    public Webhook? Webhook { get; init; }

    /// <summary>
    /// The hash of the content of the message that creates the task; null where the message makes no <see cref="Claim"/>.
    /// </summary>
    public string? ContentHash { get; init; }

    /// <summary>
    /// The id of the message that creates the task. Together with the owner it claims the task, so that a repeated send finds it.
    /// </summary>
    public string MessageId => Snapshot.Request.MessageId;
}
