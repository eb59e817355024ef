using static Google.Cloud.Firestore.V1.StructuredQuery.Types;

namespace Google.Cloud.Firestore;

/// <summary>An immutable query.</summary>
internal sealed record QueryShape(string ParentPath, string CollectionId, bool AllDescendants)
{
    public IReadOnlyList<QueryFilter> Filters { get; init; } = [];

    public IReadOnlyList<QueryOrder> Orders { get; init; } = [];

    public IReadOnlyList<FieldPath>? Select { get; init; }

    public QueryCursor? StartAt { get; init; }

    public QueryCursor? EndAt { get; init; }

    public int? Limit { get; init; }

    public V1.StructuredQuery ToProto() => new()
    {
        Select = Select is null ? null : new() { Fields = { Select.Select(Reference) } },
        From = { new CollectionSelector { CollectionId = CollectionId, AllDescendants = AllDescendants } },
        Where = Filters.Count switch
        {
            0 => null,
            1 => Filters[0].ToProto(),
            _ => new() { CompositeFilter = new() { Op = CompositeFilter.Types.Operator.And, Filters = { Filters.Select(filter => filter.ToProto()) } } },
        },
        OrderBy = { Orders.Select(order => order.ToProto()) },
        Limit = Limit,
        StartAt = StartAt?.ToProto(),
        EndAt = EndAt?.ToProto(),
    };

    public static FieldReference Reference(FieldPath path) => new() { FieldPath = path.Encoded };
}
