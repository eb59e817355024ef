namespace Google.Cloud.Firestore;

/// <summary>What a message of the service means for the stream that it came by.</summary>
internal enum WatchResult
{
    Continue,

    /// <summary>It goes well: the next failure is the first one.</summary>
    Healthy,

    /// <summary>What is known here is wrong: start anew.</summary>
    Reset,
}
