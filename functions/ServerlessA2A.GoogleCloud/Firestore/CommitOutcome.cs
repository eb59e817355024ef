namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>How a commit ended, where that is the store's to decide about.</summary>
internal enum CommitOutcome
{
    /// <summary>It took effect.</summary>
    Committed,

    /// <summary>A document that was to be made is there: made by another hand, or by an earlier try of this very commit whose answer was lost.</summary>
    AlreadyExists,

    /// <summary>A document has changed since it was read; or an earlier try of this very commit has changed it.</summary>
    Changed,

    /// <summary>A document that was to be changed is not there.</summary>
    NotFound,
}
