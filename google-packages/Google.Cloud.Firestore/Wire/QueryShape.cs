namespace Google.Cloud.Firestore;

/// <summary>What a query asks for; never changed, only copied with a difference.</summary>
internal sealed record QueryShape(string ParentPath, string CollectionId, bool AllDescendants)
{
    public IReadOnlyList<QueryFilter> Filters { get; init; } = [];

    public IReadOnlyList<QueryOrder> Orders { get; init; } = [];

    public IReadOnlyList<FieldPath>? Select { get; init; }

    public QueryCursor? StartAt { get; init; }

    public QueryCursor? EndAt { get; init; }

    public int? Limit { get; init; }
}
