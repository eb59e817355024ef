namespace ServerlessA2A.Tasks.Log;

/// <summary>The outcome of an append. A conflict is no error: read the other writer's entry and decide again.</summary>
public enum AppendOutcome
{
    /// <summary>The entry is in the log.</summary>
    Appended,

    /// <summary>Another writer's entry has that number.</summary>
    Conflict,

    /// <summary>The task does not exist (any more).</summary>
    NotFound,
}
