using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Webhooks;

/// <summary>A part of a task's log, with what is needed to tell of it.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="ContextId">Its conversation.</param>
/// <param name="Owner">Whose the task is, with the agent that it was sent to.</param>
/// <param name="IsTerminalOrInterrupted">Whether the task is terminal or interrupted, at the end of its log or before.</param>
/// <param name="KeepUntil">How long what belongs to the task is to be kept.</param>
/// <param name="Entries">The entries, in order.</param>
public sealed record TaskEvents(
    string TaskId, string ContextId, string Owner, bool IsTerminalOrInterrupted, DateTimeOffset KeepUntil, IReadOnlyList<LogEntry> Entries);
