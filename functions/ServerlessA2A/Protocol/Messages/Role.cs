namespace ServerlessA2A.Protocol.Messages;

/// <summary>Who speaks in a message.</summary>
/// <remarks>A2A 1.0, section 4.1.5.</remarks>
public enum Role
{
    /// <summary>Not said; no message may have it.</summary>
    Unspecified = 0,

    /// <summary>The client.</summary>
    User = 1,

    /// <summary>The agent.</summary>
    Agent = 2,
}
