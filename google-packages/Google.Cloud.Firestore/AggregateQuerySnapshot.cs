namespace Google.Cloud.Firestore;

/// <summary>The answer to an <see cref="AggregateQuery"/>.</summary>
public sealed class AggregateQuerySnapshot
{
    internal AggregateQuerySnapshot(AggregateQuery query, long count, Timestamp readTime) => (Query, Count, ReadTime) = (query, count, readTime);

    public AggregateQuery Query { get; }

    /// <summary>How many documents the query has.</summary>
    public long? Count { get; }

    public Timestamp ReadTime { get; }
}
