using System.Collections;

namespace Google.Cloud.Firestore;

/// <summary>The results of a query at one point in time.</summary>
public sealed class QuerySnapshot : IReadOnlyList<DocumentSnapshot>
{
    internal QuerySnapshot(Query query, IReadOnlyList<DocumentSnapshot> documents, IReadOnlyList<DocumentChange>? changes, Timestamp readTime)
    {
        (Query, Documents, ReadTime) = (query, documents, readTime);
        Changes = changes ?? [.. documents.Select((document, index) => new DocumentChange(document, DocumentChange.Type.Added, null, index))];
    }

    public Query Query { get; }

    public IReadOnlyList<DocumentSnapshot> Documents { get; }

    /// <summary>What is different from the listener's snapshot before; without one, all documents are added.</summary>
    public IReadOnlyList<DocumentChange> Changes { get; }

    public Timestamp ReadTime { get; }

    public int Count => Documents.Count;

    public DocumentSnapshot this[int index] => Documents[index];

    public IEnumerator<DocumentSnapshot> GetEnumerator() => Documents.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
