namespace ServerlessA2A.Tasks.Log;

/// <summary>What is appended to a task's log at once: one or more events that become visible together or not at all.</summary>
/// <param name="First">The number of the first event: one more than the last event of the log.</param>
/// <param name="At">When it happened: UTC, milliseconds.</param>
/// <param name="Events">The events, numbered from <paramref name="First"/>.</param>
public sealed record LogEntry(long First, DateTimeOffset At, IReadOnlyList<TaskEvent> Events)
{
    /// <summary>The number of the last event.</summary>
    public long Last => First + Events.Count - 1;
}
