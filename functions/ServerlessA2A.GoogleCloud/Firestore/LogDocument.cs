using System.Globalization;
using Google.Cloud.Firestore;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Stored;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// The documents <c>tasks/{id}/log/{first:D10}</c>: a log entry under the number of its first event, so that one of two concurrent writers
/// finds the document taken. Entry 1 is stored in the task's document.
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
    /// <param name="writer">The mark of this append, by which a writer whose response was lost recognises its own entry.</param>
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
        return StoredTask.ReadEntry(first, document.GetValue<Timestamp>(At).ToDateTimeOffset(), stored);
    }
}
