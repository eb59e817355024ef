namespace Google.Cloud.Firestore;

/// <summary>Places among the results of a query, from values or from one of its documents.</summary>
internal static class QueryCursors
{
    public static QueryCursor Of(Query query, object?[] values, bool before)
    {
        ArgumentNullException.ThrowIfNull(values);
        var orders = query.Shape.Orders;
        if (values.Length == 0 || values.Length > orders.Count)
            throw new ArgumentException($"A cursor needs a value for each of the query's orders, or for its first ones: {values.Length} specified for {orders.Count} orders.", nameof(values));
        return new([.. values.Select((value, i) => Normalized.Value(orders[i].Field.Equals(FieldPath.DocumentId) ? Reference(query, value) : value))], before);
    }

    public static QueryCursor Of(QueryShape shape, DocumentSnapshot snapshot, bool before) =>
        new([.. Ordered(shape, snapshot).Orders.Select(order => ValueOf(snapshot, order.Field))], before);

    /// <summary>With the orders that the service would add of itself, so that a document has exactly one place.</summary>
    public static QueryShape Ordered(QueryShape shape, DocumentSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var inCollection = snapshot.Reference.Parent.Path == $"{shape.ParentPath}/{shape.CollectionId}";
        if (!shape.AllDescendants && !inCollection)
            throw new ArgumentException("Snapshot was from incorrect collection", nameof(snapshot));
        List<QueryOrder> orders = [.. shape.Orders];
        if (orders.Count == 0 && shape.Filters.FirstOrDefault(filter => filter.IsInequality) is { } inequality)
            orders.Add(new(inequality.Field, Descending: false));
        if (!orders.Exists(order => order.Field.Equals(FieldPath.DocumentId)))
            orders.Add(new(FieldPath.DocumentId, orders.Count > 0 && orders[^1].Descending));
        return shape with { Orders = orders };
    }

    /// <summary>The document that an id means in this query: relative to its collection, or to the database in a collection group.</summary>
    public static DocumentReference Reference(Query query, object? id)
    {
        var shape = query.Shape;
        var root = shape.AllDescendants ? shape.ParentPath : $"{shape.ParentPath}/{shape.CollectionId}";
        var reference = id switch
        {
            string path => query.Database.ReferenceFromName($"{root}/{path}"),
            DocumentReference document => document,
            _ => throw new ArgumentException("The corresponding value for a document ID must be a string (relative path) or a DocumentReference", nameof(id)),
        };
        return shape.AllDescendants || reference.Parent.Path == root
            ? reference
            : throw new ArgumentException($"Only a direct child can be used as a query boundary. Found: '{reference.Path}'", nameof(id));
    }

    private static object? ValueOf(DocumentSnapshot snapshot, FieldPath field) =>
        field.Equals(FieldPath.DocumentId) ? snapshot.Reference
        : snapshot.TryFind(field, out var value) ? value
        : throw new ArgumentException($"Snapshot does not contain field {field}", nameof(snapshot));
}
