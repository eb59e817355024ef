namespace ServerlessA2A.Webhooks;

/// <summary>A task with events that may not have been delivered to its webhooks.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Since">Since when.</param>
/// <param name="Seq">The number of the last event that came with a snapshot.</param>
public sealed record UndeliveredTask(string TaskId, DateTimeOffset Since, long Seq)
{
    /// <summary>The trace that its deliveries continue (<see cref="Tasks.Log.TaskSnapshot.TraceParent"/>).</summary>
    public string? TraceParent { get; init; }
}
