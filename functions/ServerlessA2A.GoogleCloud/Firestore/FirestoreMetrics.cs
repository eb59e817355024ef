using System.Diagnostics.Metrics;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>Counts the documents that Firestore bills, read and written (meter <c>ServerlessA2A</c>).</summary>
internal static class FirestoreMetrics
{
    private static readonly Meter Meter = new("ServerlessA2A");

    private static readonly Counter<long> Reads = Meter.CreateCounter<long>(
        "a2a.firestore.document.reads", "{document}", "Documents read; a query that finds nothing counts as one.");

    private static readonly Counter<long> Writes = Meter.CreateCounter<long>(
        "a2a.firestore.document.writes", "{document}", "Documents created, changed or deleted.");

    public static void Read(int documents) => Reads.Add(documents);

    public static void Written(int documents) => Writes.Add(documents);
}
