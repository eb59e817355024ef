using System.Diagnostics.Metrics;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>
/// Counts round trips to the database and measures its queues (meter <c>ServerlessA2A.PostgreSql</c>). Npgsql's own metrics and traces
/// are the meter and the source <c>Npgsql</c>.
/// </summary>
internal static class DatabaseMetrics
{
    private static readonly Meter Meter = new("ServerlessA2A.PostgreSql");

    private static readonly Counter<long> RoundTrips = Meter.CreateCounter<long>(
        "a2a.postgresql.round_trips", "{round_trip}", "Statements and batches sent to PostgreSQL, each with one answer.");

    private static readonly Histogram<double> QueueDelay = Meter.CreateHistogram(
        "a2a.queue.delay", "s", "From the publish of a message to its delivery.", advice: EngineMetrics.Times);

    /// <summary>A statement or a batch was sent.</summary>
    public static void Sent() => RoundTrips.Add(1);

    /// <summary>A message of a queue was delivered, so long after its publish.</summary>
    public static void Delivered(string queue, TimeSpan delay) =>
        QueueDelay.Record(delay.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.MessagingDestination, queue));
}
