namespace Google.Cloud.Firestore;

/// <summary>The messages of google.firestore.v1 that are sent, with their names and numbers.</summary>
internal static class Messages
{
    public static void Value(MessageWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.Null("nullValue", 11); break;
            case bool flag: writer.Bool("booleanValue", 1, flag); break;
            case long number: writer.Int64("integerValue", 2, number); break;
            case double number: writer.Double("doubleValue", 3, number); break;
            case Timestamp time: writer.Time("timestampValue", 10, time); break;
            case string text: writer.String("stringValue", 17, text); break;
            case Blob blob: writer.Bytes("bytesValue", 18, blob.ByteString.Span); break;
            case DocumentReference reference: writer.String("referenceValue", 5, reference.Path); break;
            case List<object?> list: writer.Message("arrayValue", 9, list, Array); break;
            case Dictionary<string, object?> map: writer.Message("mapValue", 6, map, static (message, map) => message.Map("fields", 1, map, Value)); break;
            default: throw new ArgumentException($"Not a normalized value: {value.GetType()}", nameof(value));
        }
    }

    public static void Query(MessageWriter writer, QueryShape query)
    {
        if (query.Select is { } select)
            writer.Message("select", 1, select, static (projection, fields) => projection.List("fields", 2, fields, Field));
        writer.List("from", 2, [query], static (from, query) =>
        {
            from.String("collectionId", 2, query.CollectionId);
            if (query.AllDescendants)
                from.Bool("allDescendants", 3, true);
        });
        if (query.Filters.Count == 1)
            writer.Message("where", 3, query.Filters[0], Filter);
        else if (query.Filters.Count > 1)
            writer.Message("where", 3, query.Filters, All);
        if (query.Orders.Count > 0)
            writer.List("orderBy", 4, query.Orders, Order);
        if (query.StartAt is { } start)
            writer.Message("startAt", 7, start, Cursor);
        if (query.EndAt is { } end)
            writer.Message("endAt", 8, end, Cursor);
        if (query.Limit is { } limit)
            writer.BoxedInt32("limit", 5, limit);
    }

    public static void Commit(MessageWriter writer, IReadOnlyList<Write> writes) => writer.List("writes", 2, writes, Write);

    private static void Write(MessageWriter writer, Write write)
    {
        if (write.Fields is null)
            writer.String("delete", 2, write.Document);
        else
            writer.Message("update", 1, write, static (document, write) =>
            {
                document.String("name", 1, write.Document);
                document.Map("fields", 2, write.Fields!, Value);
            });
        if (write.Mask is { } mask)
            writer.Message("updateMask", 3, mask, static (message, mask) => message.Strings("fieldPaths", 1, mask.Select(path => path.Encoded)));
        if (write.Transforms.Count > 0)
            writer.List("updateTransforms", 7, write.Transforms, Transform);
        if (write.Precondition is { Exists: not null } or { LastUpdateTime: not null })
            writer.Message("currentDocument", 4, write.Precondition, Precondition);
    }

    private static void Transform(MessageWriter writer, (FieldPath Path, SentinelValue Value) transform)
    {
        writer.String("fieldPath", 1, transform.Path.Encoded);
        switch (transform.Value.Kind)
        {
            case SentinelKind.ServerTimestamp: writer.Enum("setToServerValue", 2, "REQUEST_TIME", 1); break;
            case SentinelKind.Increment: writer.Message("increment", 3, transform.Value.Operand, Value); break;
            case SentinelKind.ArrayUnion: writer.Message("appendMissingElements", 6, (List<object?>)transform.Value.Operand!, Array); break;
            case SentinelKind.ArrayRemove: writer.Message("removeAllFromArray", 7, (List<object?>)transform.Value.Operand!, Array); break;
            default: throw new ArgumentException($"Not a transform: {transform.Value.Kind}", nameof(transform));
        }
    }

    private static void Precondition(MessageWriter writer, Precondition precondition)
    {
        if (precondition.Exists is { } exists)
            writer.Bool("exists", 1, exists);
        if (precondition.LastUpdateTime is { } time)
            writer.Time("updateTime", 2, time);
    }

    private static void Array(MessageWriter writer, List<object?> values) => writer.List("values", 1, values, Value);

    private static void Field(MessageWriter writer, FieldPath path) => writer.String("fieldPath", 2, path.Encoded);

    private static void Order(MessageWriter writer, QueryOrder order)
    {
        writer.Message("field", 1, order.Field, Field);
        writer.Enum("direction", 2, order.Descending ? "DESCENDING" : "ASCENDING", order.Descending ? 2 : 1);
    }

    private static void Cursor(MessageWriter writer, QueryCursor cursor)
    {
        writer.List("values", 1, cursor.Values, Value);
        writer.Bool("before", 2, cursor.Before);
    }

    private static void All(MessageWriter writer, IReadOnlyList<QueryFilter> filters) => writer.Message("compositeFilter", 1, filters, static (message, filters) =>
    {
        message.Enum("op", 1, "AND", 1);
        message.List("filters", 2, filters, Filter);
    });

    private static void Filter(MessageWriter writer, QueryFilter filter)
    {
        if (filter is { Operator: FilterOperator.Equal, Value: null or double.NaN })
            writer.Message("unaryFilter", 3, filter, static (unary, filter) =>
            {
                unary.Enum("op", 1, filter.Value is null ? "IS_NULL" : "IS_NAN", filter.Value is null ? 3 : 2);
                unary.Message("field", 2, filter.Field, Field);
            });
        else
            writer.Message("fieldFilter", 2, filter, static (comparison, filter) =>
            {
                comparison.Message("field", 1, filter.Field, Field);
                comparison.Enum("op", 2, Name(filter.Operator), (int)filter.Operator);
                comparison.Message("value", 3, filter.Value, Value);
            });
    }

    private static string Name(FilterOperator op) => op switch
    {
        FilterOperator.LessThan => "LESS_THAN",
        FilterOperator.LessThanOrEqual => "LESS_THAN_OR_EQUAL",
        FilterOperator.GreaterThan => "GREATER_THAN",
        FilterOperator.GreaterThanOrEqual => "GREATER_THAN_OR_EQUAL",
        FilterOperator.Equal => "EQUAL",
        FilterOperator.In => "IN",
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };
}
