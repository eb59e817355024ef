namespace ServerlessA2A.Tasks;

/// <summary>An unfinished task that no live worker holds.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Since">Since when, or until when it was put off (<see cref="ITaskStore.PostponeAsync"/>).</param>
/// <param name="StatusAt">When it came into its status.</param>
public sealed record UnattendedTask(string TaskId, DateTimeOffset Since, DateTimeOffset StatusAt)
{
    /// <summary>The trace that its run continues (<see cref="Log.TaskSnapshot.TraceParent"/>).</summary>
    public string? TraceParent { get; init; }
}
