using Grpc.Core;

namespace Google.Cloud.Firestore;

/// <summary>A count of the results of a query.</summary>
public sealed class AggregateQuery
{
    private const string Alias = "Count";

    private readonly Query query;

    internal AggregateQuery(Query query) => this.query = query;

    public async Task<AggregateQuerySnapshot> GetSnapshotAsync(CancellationToken cancellationToken = default)
    {
        var aggregation = new V1.StructuredAggregationQuery
        {
            StructuredQuery = query.Shape.ToProto(),
            Aggregations = { new V1.StructuredAggregationQuery.Types.Aggregation { Alias = Alias, Count = new() } },
        };
        var request = new V1.RunAggregationQueryRequest { Parent = query.Shape.ParentPath, StructuredAggregationQuery = aggregation };
        using var call = query.Database.Client.RunAggregationQuery(request, query.Database.ReadOptions(cancellationToken));
        await foreach (var response in call.ResponseStream.ReadAllAsync(CancellationToken.None))
        {
            if (response.Result is { } result)
                return new(this, result.AggregateFields[Alias].IntegerValue, Timestamp.FromProto(response.ReadTime));
        }
        throw new InvalidOperationException("Firestore returned no aggregation result.");
    }
}
