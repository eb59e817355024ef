namespace Google.Cloud.Firestore;

public sealed class WriteResult
{
    internal WriteResult(Timestamp updateTime) => UpdateTime = updateTime;

    /// <summary>When the document was written; for a write that changed nothing, when it had been written before.</summary>
    public Timestamp UpdateTime { get; }
}
