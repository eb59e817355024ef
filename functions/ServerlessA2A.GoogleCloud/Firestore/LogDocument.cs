using System.Globalization;
using Google.Cloud.Firestore;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Stored;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// The documents <c>tasks/{id}/log/{first:D10}</c>: an entry of the log under the number of its first event, so that of two writers at the
/// same place one finds it taken. Entry 1 lies in the document of the task.
/// </summary>
internal static class LogDocument
{
    public const string Collection = "log";
    public const string Last = "last";
    public const string Events = "events";

    private const string At = "at";
    private const string Writer = "writer";

    public static DocumentReference Of(DocumentReference task, long first) =>
        task.Collection(Collection).Document(first.ToString("D10", CultureInfo.InvariantCulture));

    /// <param name="entry">The entry.</param>
    /// <param name="events">Its payload.</param>
    /// <param name="writer">Names this one append, so that a writer whose answer was lost knows its own entry.</param>
    /// <param name="keepUntil">When Firestore may delete it.</param>
    public static Dictionary<string, object> New(LogEntry entry, object events, string writer, Timestamp keepUntil) => new()
    {
        [Schema.Field] = Schema.Version,
        [Last] = entry.Last,
        [At] = TaskDocument.ToTimestamp(entry.At),
        [Events] = events,
        [Writer] = writer,
        ["expireAt"] = keepUntil,
    };

    public static string? WriterOf(DocumentSnapshot document) => document.TryGetValue<string>(Writer, out var writer) ? writer : null;

    public static async Task<LogEntry> ReadAsync(
        DocumentReference task, DocumentSnapshot document, Payloads payloads, CancellationToken cancellationToken)
    {
        var stored = await payloads.ReadAsync(task, document, Events, cancellationToken);
        var first = long.Parse(document.Id, NumberStyles.None, CultureInfo.InvariantCulture);
        return new LogEntry(first, document.GetValue<Timestamp>(At).ToDateTimeOffset(), EventsJson.Read(stored));
    }
}
