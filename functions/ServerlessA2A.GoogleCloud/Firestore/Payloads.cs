using System.Globalization;
using Google.Cloud.Firestore;
using Google.Protobuf;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// Bytes in documents. A payload too large for one document is split into <c>tasks/{id}/payloads/{key}-{part}</c>, and the field has the
/// number of parts. The parts are written before the document that refers to them, so that its readers find them.
/// </summary>
internal sealed class Payloads(FirestoreCalls calls)
{
    /// <summary>The largest payload, in bytes: several times the limit of a task's artifacts.</summary>
    public const int MaxSize = 96 * 1024 * 1024;

    /// <summary>A document has at most 1,048,576 bytes including names, and a task's document holds two payloads.</summary>
    public const int MaxInline = 480 * 1024;

    private const int PartSize = 960 * 1024;

    /// <summary>The number of parts that fit into a request of 4 MiB, even as base64.</summary>
    private const int PartsAtOnce = 3;

    /// <summary>Writes parts that do not fit into the field, and returns the field's value.</summary>
    /// <param name="task">The task's document.</param>
    /// <param name="key">The payload's unique name.</param>
    /// <param name="payload">The bytes; must not change afterwards.</param>
    /// <param name="keepUntil">When Firestore may delete it.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async Task<object> WriteAsync(
        DocumentReference task, string key, ReadOnlyMemory<byte> payload, Timestamp keepUntil, CancellationToken cancellationToken)
    {
        if (payload.Length <= MaxInline)
            return ToBlob(payload);
        if (payload.Length > MaxSize)
        {
            throw new TaskStoreException(
                $"Task {task.Id} is too large for Firestore: {payload.Length} bytes at once, at most {MaxSize} can be stored.",
                isTransient: false);
        }

        var parts = (payload.Length + PartSize - 1) / PartSize;
        for (var first = 0; first < parts; first += PartsAtOnce)
        {
            var range = Enumerable.Range(first, Math.Min(PartsAtOnce, parts - first));
            await calls.CommitAsync(
                $"store a part of task {task.Id}",
                () => range.Aggregate(task.Database.StartBatch(), (batch, part) => batch.Set(
                    PartOf(task, key, part),
                    new Dictionary<string, object>
                    {
                        [Schema.Field] = Schema.Version,
                        ["data"] = ToBlob(payload.Slice(part * PartSize, Math.Min(PartSize, payload.Length - (part * PartSize)))),
                        ["expireAt"] = keepUntil,
                    })),
                cancellationToken);
        }

        return new Dictionary<string, object> { ["key"] = key, ["parts"] = parts };
    }

    /// <summary>Reads the bytes that a field holds or refers to.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(
        DocumentReference task, DocumentSnapshot document, string field, CancellationToken cancellationToken)
    {
        if (PartsOf(document, field) is not var (key, count))
            return document.GetValue<Blob>(field).ByteString.Memory;

        var parts = new List<ByteString>(count);
        for (var first = 0; first < count; first += PartsAtOnce)
        {
            var references = Enumerable.Range(first, Math.Min(PartsAtOnce, count - first)).Select(part => PartOf(task, key, part)).ToList();
            var snapshots = await calls.ReadAsync(
                "get", $"read a part of task {task.Id}", tried => task.Database.GetAllSnapshotsAsync(references, tried), cancellationToken);
            GoogleCloudTelemetry.Read(references.Count);
            foreach (var snapshot in snapshots)
            {
                if (!snapshot.Exists)
                    throw new TaskStoreException(
                        $"Firestore document {snapshot.Reference.Path} is missing: a part of task {task.Id}.", isTransient: false);
                Schema.Check(snapshot);
                parts.Add(snapshot.GetValue<Blob>("data").ByteString);
            }
        }

        var payload = new byte[parts.Sum(part => part.Length)];
        var written = 0;
        foreach (var part in parts)
        {
            part.Span.CopyTo(payload.AsSpan(written));
            written += part.Length;
        }

        return payload;
    }

    /// <summary>Keeps the parts that a field refers to longer, if there are any.</summary>
    /// <param name="task">The task's document.</param>
    /// <param name="field">The field.</param>
    /// <param name="keepUntil">When Firestore may delete them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task KeepAsync(DocumentReference task, string field, Timestamp keepUntil, CancellationToken cancellationToken)
    {
        var documents = await calls.ReadAsync(
            "get", $"read task {task.Id}", tried => task.Database.GetAllSnapshotsAsync([task], new FieldMask(field), tried),
            cancellationToken);
        GoogleCloudTelemetry.Read(1);
        if (!documents[0].Exists || PartsOf(documents[0], field) is not var (key, count))
            return;
        var kept = new Dictionary<string, object> { ["expireAt"] = keepUntil };
        await calls.CommitAsync(
            $"keep the parts of task {task.Id}",
            () => Enumerable.Range(0, count).Aggregate(
                task.Database.StartBatch(), (batch, part) => batch.Update(PartOf(task, key, part), kept)),
            cancellationToken);
    }

    /// <summary>The parts that a field refers to; null where it holds the bytes itself.</summary>
    private static (string Key, int Count)? PartsOf(DocumentSnapshot document, string field) =>
        document.GetValue<object>(field) is IDictionary<string, object> elsewhere
            ? ((string)elsewhere["key"], (int)(long)elsewhere["parts"])
            : null;

    private static Blob ToBlob(ReadOnlyMemory<byte> bytes) => Blob.FromByteString(UnsafeByteOperations.UnsafeWrap(bytes));

    private static DocumentReference PartOf(DocumentReference task, string key, int part) =>
        task.Collection("payloads").Document(string.Create(CultureInfo.InvariantCulture, $"{key}-{part:D3}"));
}
