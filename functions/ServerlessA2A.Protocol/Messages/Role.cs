namespace ServerlessA2A.Protocol.Messages;

/// <summary>The sender's role of a message.</summary>
/// <remarks>A2A 1.0, section 4.1.5.</remarks>
public enum Role
{
    /// <summary>Unset; no message may have it.</summary>
    Unspecified = 0,

    /// <summary>The client.</summary>
    User = 1,

    /// <summary>The agent.</summary>
    Agent = 2,
}
