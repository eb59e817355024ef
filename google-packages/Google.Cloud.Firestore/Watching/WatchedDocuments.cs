namespace Google.Cloud.Firestore;

/// <summary>The documents of a target, in the order of its query.</summary>
internal sealed class WatchedDocuments(IReadOnlyList<QueryOrder> orders) : IComparer<DocumentSnapshot>
{
    private readonly List<DocumentSnapshot> ordered = [];
    private readonly Dictionary<string, DocumentSnapshot> byName = [];

    public IEnumerable<string> Names => byName.Keys;

    public DocumentSnapshot[] ToArray() => [.. ordered];

    public int CountAfter(IReadOnlyDictionary<string, DocumentSnapshot?> changes) =>
        byName.Count + changes.Sum(change => change.Value is null ? (byName.ContainsKey(change.Key) ? -1 : 0) : byName.ContainsKey(change.Key) ? 0 : 1);

    /// <summary>Removes first, then adds, then modifies, each in the query's order; the indexes are those after the changes before.</summary>
    public IReadOnlyList<DocumentChange> Apply(IReadOnlyDictionary<string, DocumentSnapshot?> changes, Timestamp readTime)
    {
        List<DocumentSnapshot> removed = [], added = [], modified = [];
        foreach (var (name, document) in changes)
        {
            byName.TryGetValue(name, out var known);
            if (document is null && known is not null)
                removed.Add(known);
            else if (document is not null && known is null)
                added.Add(document.At(readTime));
            // A read may be ahead of the stream: an older version that comes after it changes nothing.
            else if (document is not null && document.UpdateTime > known!.UpdateTime)
                modified.Add(document.At(readTime));
        }
        return
        [
            .. removed.Order(this).ToArray().Select(document => new DocumentChange(document, DocumentChange.Type.Removed, Remove(document), null)),
            .. added.Order(this).ToArray().Select(document => new DocumentChange(document, DocumentChange.Type.Added, null, Add(document))),
            .. modified.Order(this).ToArray().Select(document => new DocumentChange(document, DocumentChange.Type.Modified, Remove(byName[document.Reference.Path]), Add(document))),
        ];
    }

    public int Compare(DocumentSnapshot? x, DocumentSnapshot? y)
    {
        var descending = false;
        foreach (var order in orders)
        {
            descending = order.Descending;
            var result = order.Field.Equals(FieldPath.DocumentId)
                ? x!.Reference.CompareTo(y!.Reference)
                : ValueComparer.Instance.Compare(ValueOf(x!, order.Field), ValueOf(y!, order.Field));
            if (result != 0)
                return descending ? -result : result;
        }
        // The service orders equals by name, in the direction of the last order.
        var byReference = x!.Reference.CompareTo(y!.Reference);
        return descending ? -byReference : byReference;
    }

    private static object? ValueOf(DocumentSnapshot document, FieldPath field) => document.TryFind(field, out var value)
        ? value
        : throw new InvalidOperationException("Can only compare fields that exist in the DocumentSnapshot. Please include the fields you are ordering on in your Select() call.");

    private int Add(DocumentSnapshot document)
    {
        var index = ~ordered.BinarySearch(document, this);
        ordered.Insert(index, document);
        byName[document.Reference.Path] = document;
        return index;
    }

    private int Remove(DocumentSnapshot document)
    {
        var index = ordered.BinarySearch(document, this);
        ordered.RemoveAt(index);
        byName.Remove(document.Reference.Path);
        return index;
    }
}
