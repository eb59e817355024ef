using System.Globalization;

namespace Google.Cloud.Firestore;

/// <summary>A question about the results of a query: how many there are.</summary>
public sealed class AggregateQuery
{
    private const string Alias = "Count";

    private readonly Query query;

    internal AggregateQuery(Query query) => this.query = query;

    public async Task<AggregateQuerySnapshot> GetSnapshotAsync(CancellationToken cancellationToken = default)
    {
        var body = JsonMessageWriter.Write(query.Shape, static (writer, shape) => writer.Message("structuredAggregationQuery", 2, shape, static (aggregation, shape) =>
        {
            aggregation.Message("structuredQuery", 1, shape, Messages.Query);
            aggregation.List("aggregations", 3, [Alias], static (count, alias) =>
            {
                count.String("alias", 7, alias);
                count.Message("count", 1, alias, static (_, _) => { });
            });
        }));
        using var answer = await query.Database.QueryAsync(query.Shape.ParentPath, "runAggregationQuery", body, cancellationToken);
        var result = answer.RootElement.EnumerateArray().First(result => result.TryGetProperty("result", out _));
        var count = result.GetProperty("result").GetProperty("aggregateFields").GetProperty(Alias).GetProperty("integerValue");
        return new(this, long.Parse(count.ToString(), CultureInfo.InvariantCulture), JsonAnswers.Time(result, "readTime")!.Value);
    }
}
