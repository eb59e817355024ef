namespace Google.Cloud.Firestore;

/// <summary>What became of one document between two snapshots of a query.</summary>
public sealed class DocumentChange
{
    internal DocumentChange(DocumentSnapshot document, Type changeType, int? oldIndex, int? newIndex) =>
        (Document, ChangeType, OldIndex, NewIndex) = (document, changeType, oldIndex, newIndex);

    public enum Type
    {
        Added,
        Removed,
        Modified,
    }

    /// <summary>As it is now; as it was, when it was removed.</summary>
    public DocumentSnapshot Document { get; }

    public Type ChangeType { get; }

    /// <summary>Where it was, after the changes before this one; null if it was added.</summary>
    public int? OldIndex { get; }

    /// <summary>Where it is, after the changes before this one; null if it was removed.</summary>
    public int? NewIndex { get; }
}
