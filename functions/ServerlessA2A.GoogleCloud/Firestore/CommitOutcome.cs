namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>The outcome of a commit, as far as the store has to decide about it.</summary>
internal enum CommitOutcome
{
    /// <summary>The commit took effect.</summary>
    Committed,

    /// <summary>
    /// A document to create exists already: another writer created it, or an earlier attempt of this commit whose response was lost.
    /// </summary>
    AlreadyExists,

    /// <summary>A document has changed since it was read, possibly by an earlier attempt of this commit.</summary>
    Changed,

    /// <summary>A document to change does not exist.</summary>
    NotFound,
}
