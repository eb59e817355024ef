using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.GoogleCloud;

/// <summary>
/// The spans and metrics of Firestore and Pub/Sub: activity source and meter <c>ServerlessA2A.GoogleCloud</c>. Without a listener nothing
/// is created or measured.
/// </summary>
internal static class GoogleCloudTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "ServerlessA2A.GoogleCloud";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Reads = Meter.CreateCounter<long>(
        "a2a.firestore.document.reads", "{document}", "Documents read; a query that finds nothing counts as one.");

    private static readonly Counter<long> Writes = Meter.CreateCounter<long>(
        "a2a.firestore.document.writes", "{document}", "Documents created, changed or deleted.");

    private static readonly Histogram<double> QueueDelay = Meter.CreateHistogram(
        "a2a.queue.delay", "s", "From the publish of a message to its delivery.", advice: EngineMetrics.Times);

    /// <summary>Documents were read, as Firestore bills them.</summary>
    public static void Read(int documents) => Reads.Add(documents);

    /// <summary>Documents were written, as Firestore bills them.</summary>
    public static void Written(int documents) => Writes.Add(documents);

    /// <summary>A call of Firestore.</summary>
    /// <param name="operation">What it is for the database: get, query, count, commit.</param>
    /// <param name="action">What it is for the store, with ids and without contents.</param>
    public static Activity? StartFirestore(string operation, string action) =>
        Source.StartActivity(operation, ActivityKind.Client)?.SetTag(TelemetryNames.DatabaseSystem, "gcp.firestore")
            .SetTag(TelemetryNames.DatabaseOperation, operation).SetTag(TelemetryNames.StoreAction, action);

    /// <summary>A publish to Pub/Sub.</summary>
    public static Activity? StartPublish(string topic) =>
        Source.HasListeners() ? About(Source.StartActivity($"send {topic}", ActivityKind.Producer), "send", topic) : null;

    /// <summary>
    /// The handling of a message of Pub/Sub, below the span that published it. It has a link to the request that delivers the message,
    /// which is in a trace of its own.
    /// </summary>
    public static Activity? StartProcess(string topic, string? messageId, ActivityContext publisher)
    {
        if (!Source.HasListeners())
            return null;
        ActivityLink[]? links = Activity.Current is { } delivery && delivery.TraceId != publisher.TraceId
            ? [new(delivery.Context)]
            : null;
        return About(Source.StartActivity($"process {topic}", ActivityKind.Consumer, publisher, links: links), "process", topic)
            ?.SetTag(TelemetryNames.MessageId, messageId);
    }

    /// <summary>A message was delivered.</summary>
    public static void Delivered(string topic, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
            QueueDelay.Record(delay.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.MessagingDestination, topic));
    }

    /// <summary>Records that a call failed: with the service's status, or without an answer in time.</summary>
    public static void Failed(Activity? call, StatusCode status) =>
        call?.SetTag(TelemetryNames.Error, status.ToString()).SetStatus(ActivityStatusCode.Error);

    private static Activity? About(Activity? message, string operation, string topic) =>
        message?.SetTag(TelemetryNames.MessagingSystem, "gcp_pubsub").SetTag(TelemetryNames.MessagingDestination, topic)
            .SetTag(TelemetryNames.MessagingOperation, operation).SetTag(TelemetryNames.MessagingOperationType, operation);
}
