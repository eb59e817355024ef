namespace ServerlessA2A.Protocol.Tasks;

/// <summary>The states of a task.</summary>
/// <remarks>A2A 1.0, section 4.1.3. The numbers are those of the specification's a2a.proto.</remarks>
public enum TaskState
{
    /// <summary>Unset; no task of this server has it.</summary>
    Unspecified = 0,

    /// <summary>Accepted, not started.</summary>
    Submitted = 1,

    /// <summary>The agent is working.</summary>
    Working = 2,

    /// <summary>Completed. Terminal.</summary>
    Completed = 3,

    /// <summary>Failed. Terminal.</summary>
    Failed = 4,

    /// <summary>Canceled by the client. Terminal.</summary>
    Canceled = 5,

    /// <summary>The agent needs the client's answer. Interrupted.</summary>
    InputRequired = 6,

    /// <summary>Rejected by the agent. Terminal.</summary>
    Rejected = 7,

    /// <summary>The agent needs an authorization. Interrupted.</summary>
    AuthRequired = 8,
}
