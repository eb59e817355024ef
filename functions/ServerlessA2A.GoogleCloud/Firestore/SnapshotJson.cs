using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// A task's snapshot as it lies in its document. The task's first message is not in it: it is the document's first entry, which never
/// changes. The owner, the lease and the number are fields of the document.
/// </summary>
internal static class SnapshotJson
{
    public static ReadOnlyMemory<byte> Write(TaskSnapshot task) => StoredJson.Write(json =>
    {
        var history = task.Task.History ?? [];
        json.WriteStartObject();
        json.WriteRecord("task"u8, task.Task with { History = history.Count > 1 ? [.. history.Skip(1)] : null });
        json.WriteNumber("request"u8, IndexOf(task.Request, history));
        json.WriteStrings("acceptedOutputModes"u8, task.AcceptedOutputModes);
        json.WriteFree("metadata"u8, task.RequestMetadata);
        json.WriteMoment("replyUntil"u8, task.ReplyUntil);
        json.WriteFlag("replied"u8, task.IsReplied);
        if (task.Checkpoint is { } checkpoint)
            json.WriteBase64String("checkpoint"u8, checkpoint.Span);
        json.WriteNumber("attempts"u8, task.Attempts);
        json.WriteString("createdAt"u8, task.CreatedAt);
        json.WriteString("requestedAt"u8, task.RequestedAt);
        json.WriteString("changedAt"u8, task.ChangedAt);
        json.WriteNumber("retention"u8, task.Retention.Ticks);
        json.WriteEndObject();
    });

    public static TaskSnapshot Read(ReadOnlyMemory<byte> stored, Message first, string owner, long seq, Lease? lease)
    {
        using var document = StoredJson.Parse(stored);
        var json = document.RootElement;
        var task = StoredJson.Read<A2ATask>(stored, json, "task"u8)!;
        Message[] history = [first, .. task.History ?? []];
        return new TaskSnapshot
        {
            Owner = owner,
            Seq = seq,
            Lease = lease,
            Task = task with { History = history },
            Request = history[json.GetProperty("request"u8).GetInt32()],
            AcceptedOutputModes = StoredJson.ReadStrings(json, "acceptedOutputModes"u8),
            RequestMetadata = StoredJson.ReadFree(json, "metadata"u8),
            ReplyUntil = StoredJson.ReadMoment(json, "replyUntil"u8),
            IsReplied = StoredJson.ReadFlag(json, "replied"u8),
            Checkpoint = json.TryGetProperty("checkpoint"u8, out var checkpoint) ? (ReadOnlyMemory<byte>?)checkpoint.GetBytesFromBase64() : null,
            Attempts = json.GetProperty("attempts"u8).GetInt32(),
            CreatedAt = json.GetProperty("createdAt"u8).GetDateTimeOffset(),
            RequestedAt = json.GetProperty("requestedAt"u8).GetDateTimeOffset(),
            ChangedAt = json.GetProperty("changedAt"u8).GetDateTimeOffset(),
            Retention = TimeSpan.FromTicks(json.GetProperty("retention"u8).GetInt64()),
        };
    }

    private static int IndexOf(Message request, IReadOnlyList<Message> history)
    {
        for (var i = history.Count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(history[i], request))
                return i;
        }

        throw new InvalidOperationException($"Message {request.MessageId} is to be answered, but is not in the history of its task.");
    }
}
