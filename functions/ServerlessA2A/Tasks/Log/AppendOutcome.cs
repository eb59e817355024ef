namespace ServerlessA2A.Tasks.Log;

/// <summary>How an append ended. A conflict is an answer, not an error: read what came and decide again.</summary>
public enum AppendOutcome
{
    /// <summary>The entry is in the log.</summary>
    Appended,

    /// <summary>Somebody else's entry is at that number.</summary>
    Conflict,

    /// <summary>There is no such task (any more).</summary>
    NotFound,
}
