#nullable disable annotations
using System.Collections;
using Grpc.Core;
using Operator = Google.Cloud.Firestore.V1.StructuredQuery.Types.FieldFilter.Types.Operator;

namespace Google.Cloud.Firestore;

/// <summary>A question to a collection, or to all collections of one id. Every method gives a new query.</summary>
public class Query
{
    // Nobody else's class is a query.
    internal Query(FirestoreDb database, QueryShape shape) => (Database, Shape) = (database, shape);

    public FirestoreDb Database { get; }

    internal QueryShape Shape { get; }

    public Query WhereEqualTo(string path, object value) => WhereEqualTo(FieldPath.FromDotSeparated(path), value);

    public Query WhereEqualTo(FieldPath fieldPath, object value) => Where(fieldPath, Operator.Equal, value);

    public Query WhereIn(string path, IEnumerable values) => WhereIn(FieldPath.FromDotSeparated(path), values);

    public Query WhereIn(FieldPath fieldPath, IEnumerable values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Where(fieldPath, Operator.In, values.Cast<object>().ToArray());
    }

    public Query WhereLessThan(string path, object value) => WhereLessThan(FieldPath.FromDotSeparated(path), value);

    public Query WhereLessThan(FieldPath fieldPath, object value) => Where(fieldPath, Operator.LessThan, value);

    public Query WhereLessThanOrEqualTo(string path, object value) => WhereLessThanOrEqualTo(FieldPath.FromDotSeparated(path), value);

    public Query WhereLessThanOrEqualTo(FieldPath fieldPath, object value) => Where(fieldPath, Operator.LessThanOrEqual, value);

    public Query WhereGreaterThan(string path, object value) => WhereGreaterThan(FieldPath.FromDotSeparated(path), value);

    public Query WhereGreaterThan(FieldPath fieldPath, object value) => Where(fieldPath, Operator.GreaterThan, value);

    public Query WhereGreaterThanOrEqualTo(string path, object value) => WhereGreaterThanOrEqualTo(FieldPath.FromDotSeparated(path), value);

    public Query WhereGreaterThanOrEqualTo(FieldPath fieldPath, object value) => Where(fieldPath, Operator.GreaterThanOrEqual, value);

    public Query OrderBy(string path) => OrderBy(FieldPath.FromDotSeparated(path));

    public Query OrderBy(FieldPath fieldPath) => Order(fieldPath, descending: false);

    public Query OrderByDescending(string path) => OrderByDescending(FieldPath.FromDotSeparated(path));

    public Query OrderByDescending(FieldPath fieldPath) => Order(fieldPath, descending: true);

    public Query Limit(int limit) => With(Shape with { Limit = limit });

    /// <summary>Only these fields; none means none at all.</summary>
    public Query Select(params string[] fieldPaths)
    {
        ArgumentNullException.ThrowIfNull(fieldPaths);
        return Select([.. fieldPaths.Select(FieldPath.FromDotSeparated)]);
    }

    /// <inheritdoc cref="Select(string[])"/>
    public Query Select(params FieldPath[] fieldPaths)
    {
        ArgumentNullException.ThrowIfNull(fieldPaths);
        return With(Shape with { Select = fieldPaths.Length == 0 ? [FieldPath.DocumentId] : [.. fieldPaths] });
    }

    /// <summary>From the results with these values of the order's fields on, whose ids are strings or references.</summary>
    public Query StartAt(params object[] fieldValues) => With(Shape with { StartAt = QueryCursors.Of(this, fieldValues, before: true) });

    public Query StartAt(DocumentSnapshot snapshot) => With(QueryCursors.Ordered(Shape, snapshot) with { StartAt = QueryCursors.Of(Shape, snapshot, before: true) });

    public Query StartAfter(params object[] fieldValues) => With(Shape with { StartAt = QueryCursors.Of(this, fieldValues, before: false) });

    public Query StartAfter(DocumentSnapshot snapshot) => With(QueryCursors.Ordered(Shape, snapshot) with { StartAt = QueryCursors.Of(Shape, snapshot, before: false) });

    public Query EndAt(params object[] fieldValues) => With(Shape with { EndAt = QueryCursors.Of(this, fieldValues, before: false) });

    public Query EndAt(DocumentSnapshot snapshot) => With(QueryCursors.Ordered(Shape, snapshot) with { EndAt = QueryCursors.Of(Shape, snapshot, before: false) });

    public Query EndBefore(params object[] fieldValues) => With(Shape with { EndAt = QueryCursors.Of(this, fieldValues, before: true) });

    public Query EndBefore(DocumentSnapshot snapshot) => With(QueryCursors.Ordered(Shape, snapshot) with { EndAt = QueryCursors.Of(Shape, snapshot, before: true) });

    /// <summary>How many documents there are, without reading them.</summary>
    public AggregateQuery Count() => new(this);

    public async Task<QuerySnapshot> GetSnapshotAsync(CancellationToken cancellationToken = default)
    {
        var request = new V1.RunQueryRequest { Parent = Shape.ParentPath, StructuredQuery = Shape.ToProto() };
        using var call = Database.Client.RunQuery(request, Database.ReadOptions(cancellationToken));
        List<DocumentSnapshot> documents = [];
        Timestamp readTime = default;
        await foreach (var result in call.ResponseStream.ReadAllAsync(CancellationToken.None))
        {
            if (result.ReadTime is { } time)
                readTime = Timestamp.FromProto(time);
            if (result.Document is { } document)
                documents.Add(DocumentSnapshot.Of(Database, document, readTime));
        }
        return new(this, documents, null, readTime);
    }

    /// <summary>Calls back with the results as they are, and each time they change; never twice at a time.</summary>
    public FirestoreChangeListener Listen(Func<QuerySnapshot, CancellationToken, Task> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return FirestoreChangeListener.Start(this, Target(), ReadAsync, callback, cancellationToken);

        async Task<IReadOnlyList<DocumentSnapshot>> ReadAsync(CancellationToken stopped) => (await GetSnapshotAsync(stopped)).Documents;
    }

    /// <inheritdoc cref="Listen(Func{QuerySnapshot, CancellationToken, Task}, CancellationToken)"/>
    public FirestoreChangeListener Listen(Action<QuerySnapshot> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Listen((snapshot, _) => { callback(snapshot); return Task.CompletedTask; }, cancellationToken);
    }

    private Query Where(FieldPath path, Operator op, object value)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (op != Operator.Equal && value is null or double.NaN)
            throw new ArgumentException("null and NaN values can only be used with the Equal operator", nameof(value));
        if (path.Equals(FieldPath.DocumentId))
            value = value is object[] several ? Array.ConvertAll(several, one => (object)QueryCursors.Reference(this, one)) : QueryCursors.Reference(this, value);
        return With(Shape with { Filters = [.. Shape.Filters, new(path, op, Normalized.Value(value))] });
    }

    private Query Order(FieldPath path, bool descending)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Shape.StartAt is not null || Shape.EndAt is not null)
            throw new InvalidOperationException("All orderings must be specified before StartAt, StartAfter, EndBefore or EndAt are called.");
        return With(Shape with { Orders = [.. Shape.Orders, new(path, descending)] });
    }

    private V1.Target Target() => new() { Query = new() { Parent = Shape.ParentPath, StructuredQuery = Shape.ToProto() } };

    private Query With(QueryShape shape) => new(Database, shape);
}
