namespace ServerlessA2A.FakeVertex;

/// <summary>How a call ended.</summary>
public enum CallEnd
{
    /// <summary>Well: the turn was told to its end.</summary>
    Completed,

    /// <summary>With a status that says why, or an HTTP answer that is no gRPC.</summary>
    Failed,

    /// <summary>The turn broke it off.</summary>
    Cut,

    /// <summary>The client cancelled it, or is no longer there.</summary>
    ClientGone,

    /// <summary>The fake was disposed of while it went on.</summary>
    Stopped,
}
