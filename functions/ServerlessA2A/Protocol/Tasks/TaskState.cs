namespace ServerlessA2A.Protocol.Tasks;

/// <summary>The states of a task.</summary>
/// <remarks>A2A 1.0, section 4.1.3. The numbers are those of the specification's a2a.proto.</remarks>
public enum TaskState
{
    /// <summary>Not known; no task of this server is in it.</summary>
    Unspecified = 0,

    /// <summary>Accepted, not begun.</summary>
    Submitted = 1,

    /// <summary>The agent is at work.</summary>
    Working = 2,

    /// <summary>Done. Terminal.</summary>
    Completed = 3,

    /// <summary>Ended by a fault. Terminal.</summary>
    Failed = 4,

    /// <summary>Ended by the client. Terminal.</summary>
    Canceled = 5,

    /// <summary>The agent waits for the client's answer. Interrupted.</summary>
    InputRequired = 6,

    /// <summary>The agent will not do it. Terminal.</summary>
    Rejected = 7,

    /// <summary>The agent waits for an authorization. Interrupted.</summary>
    AuthRequired = 8,
}
