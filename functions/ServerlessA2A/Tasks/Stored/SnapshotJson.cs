using System.Text.Json;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Stored;

/// <summary>
/// The stored snapshot of a task. It omits the task's first message, which is in the log's first entry and never changes. Stores keep
/// the owner, the lease and the event number beside it.
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
        json.WriteSender(task.Sender);
        json.WriteExtensions(task.Extensions);
        json.WriteMoment("replyUntil"u8, task.ReplyUntil);
        json.WriteFlag("replied"u8, task.IsReplied);
        WritePending(json, task.Pending, history);
        json.WriteMoment("sleepUntil"u8, task.SleepUntil);
        json.WriteBytes("checkpoint"u8, task.Checkpoint);
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
            Sender = RequestJson.ReadSender(json),
            Extensions = RequestJson.ReadExtensions(json),
            ReplyUntil = StoredJson.ReadMoment(json, "replyUntil"u8),
            IsReplied = StoredJson.ReadFlag(json, "replied"u8),
            Pending = ReadPending(json, history),
            SleepUntil = StoredJson.ReadMoment(json, "sleepUntil"u8),
            Checkpoint = StoredJson.ReadBytes(json, "checkpoint"u8),
            Attempts = json.GetProperty("attempts"u8).GetInt32(),
            CreatedAt = json.GetProperty("createdAt"u8).GetDateTimeOffset(),
            RequestedAt = json.GetProperty("requestedAt"u8).GetDateTimeOffset(),
            ChangedAt = json.GetProperty("changedAt"u8).GetDateTimeOffset(),
            Retention = TimeSpan.FromTicks(json.GetProperty("retention"u8).GetInt64()),
        };
    }

    /// <summary>Messages are in the history; the snapshot refers to them by position.</summary>
    private static void WritePending(Utf8JsonWriter json, IReadOnlyList<MessageAdded> pending, IReadOnlyList<Message> history)
    {
        if (pending.Count == 0)
            return;
        json.WriteStartArray("pending"u8);
        foreach (var added in pending)
        {
            json.WriteStartObject();
            json.WriteNumber("message"u8, IndexOf(added.Message, history));
            json.WriteStrings("acceptedOutputModes"u8, added.AcceptedOutputModes);
            json.WriteFree("metadata"u8, added.RequestMetadata);
            json.WriteSender(added.Sender);
            json.WriteExtensions(added.Extensions);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IReadOnlyList<MessageAdded> ReadPending(JsonElement json, Message[] history)
    {
        if (!json.TryGetProperty("pending"u8, out var pending))
            return [];
        return [.. pending.EnumerateArray().Select(added => new MessageAdded
        {
            Message = history[added.GetProperty("message"u8).GetInt32()],
            AcceptedOutputModes = StoredJson.ReadStrings(added, "acceptedOutputModes"u8),
            RequestMetadata = StoredJson.ReadFree(added, "metadata"u8),
            Sender = RequestJson.ReadSender(added),
            Extensions = RequestJson.ReadExtensions(added),
        })];
    }

    private static int IndexOf(Message request, IReadOnlyList<Message> history)
    {
        for (var i = history.Count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(history[i], request))
                return i;
        }

        throw new InvalidOperationException($"Message {request.MessageId} is requested or pending, but not in the history of its task.");
    }
}
