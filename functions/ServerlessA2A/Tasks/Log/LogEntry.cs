namespace ServerlessA2A.Tasks.Log;

/// <summary>What is appended to a task's log at once: one or more events that become visible together or not at all.</summary>
public sealed record LogEntry
{
    internal LogEntry(long first, DateTimeOffset at, IReadOnlyList<TaskEvent> events) => (First, At, Events) = (first, at, events);

    /// <summary>The number of the first event: one more than the last event of the log.</summary>
    public long First { get; init; }

    /// <summary>When it happened: UTC, milliseconds.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The number of the last event.</summary>
    public long Last => First + Events.Count - 1;

    /// <summary>The events, numbered from <see cref="First"/>.</summary>
    internal IReadOnlyList<TaskEvent> Events { get; init; }
}
