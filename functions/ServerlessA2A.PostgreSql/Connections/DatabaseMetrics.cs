using System.Diagnostics.Metrics;

namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>
/// Counts round trips to the database (meter <c>ServerlessA2A.PostgreSql</c>). Npgsql's own metrics and traces are the meter and the source
/// <c>Npgsql</c>.
/// </summary>
internal static class DatabaseMetrics
{
    private static readonly Counter<long> RoundTrips = new Meter("ServerlessA2A.PostgreSql").CreateCounter<long>(
        "a2a.postgresql.round_trips", "{round_trip}", "Statements and batches sent to PostgreSQL, each with one answer.");

    public static void Sent() => RoundTrips.Add(1);
}
