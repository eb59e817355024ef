using System.Text.Json;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Stored;

/// <summary>The stored events of a log entry: an array of objects with one member each, which names the event's kind.</summary>
internal static class EventsJson
{
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<TaskEvent> events) => StoredJson.Write(json =>
    {
        json.WriteStartArray();
        foreach (var taskEvent in events)
        {
            json.WriteStartObject();
            json.WriteStartObject(Kind(taskEvent));
            Write(json, taskEvent);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <exception cref="InvalidDataException">The entry contains something that this version does not know.</exception>
    public static IReadOnlyList<TaskEvent> Read(ReadOnlyMemory<byte> stored)
    {
        using var json = StoredJson.Parse(stored);
        var events = new List<TaskEvent>(json.RootElement.GetArrayLength());
        foreach (var item in json.RootElement.EnumerateArray())
        {
            foreach (var member in item.EnumerateObject())
                events.Add(Read(stored, member.Name, member.Value));
        }

        return events;
    }

    private static ReadOnlySpan<byte> Kind(TaskEvent taskEvent) => taskEvent switch
    {
        MessageReceived => "received"u8,
        MessageAdded => "added"u8,
        RequestAdvanced => "advanced"u8,
        RunStarted => "started"u8,
        StatusChanged => "status"u8,
        Replied => "replied"u8,
        ArtifactUpdated => "artifact"u8,
        CheckpointSaved => "checkpoint"u8,
        Woken => "woken"u8,
        _ => throw new InvalidOperationException($"Unknown event {taskEvent.GetType().Name}."),
    };

    private static void Write(Utf8JsonWriter json, TaskEvent taskEvent)
    {
        switch (taskEvent)
        {
            case MessageReceived received:
                json.WriteRecord("message"u8, received.Message);
                json.WriteStrings("acceptedOutputModes"u8, received.AcceptedOutputModes);
                json.WriteFree("metadata"u8, received.RequestMetadata);
                json.WriteSender(received.Sender);
                json.WriteExtensions(received.Extensions);
                json.WriteMoment("replyUntil"u8, received.ReplyUntil);
                break;
            case MessageAdded added:
                json.WriteRecord("message"u8, added.Message);
                json.WriteStrings("acceptedOutputModes"u8, added.AcceptedOutputModes);
                json.WriteFree("metadata"u8, added.RequestMetadata);
                json.WriteSender(added.Sender);
                json.WriteExtensions(added.Extensions);
                break;
            case RequestAdvanced advanced:
                json.WriteCount("taken"u8, advanced.Taken);
                json.WriteBytes("checkpoint"u8, advanced.Checkpoint);
                break;
            case RunStarted started:
                json.WriteString("runId"u8, started.Lease.RunId);
                json.WriteString("until"u8, started.Lease.Until);
                json.WriteNumber("attempt"u8, started.Lease.Attempt);
                json.WriteFlag("fromSubmitted"u8, started.FromSubmitted);
                if (started.Dropped.Count > 0)
                    json.WriteStrings("dropped"u8, started.Dropped);
                break;
            case StatusChanged changed:
                json.WriteString("state"u8, TaskStateNames.ToName(changed.State));
                json.WriteRecord("message"u8, changed.Message);
                json.WriteCount("taken"u8, changed.Taken);
                json.WriteFree("metadata"u8, changed.Metadata);
                break;
            case Replied replied:
                json.WriteRecord("message"u8, replied.Message);
                break;
            case ArtifactUpdated updated:
                json.WriteRecord("artifact"u8, updated.Artifact);
                json.WriteFlag("append"u8, updated.Append);
                json.WriteFlag("lastChunk"u8, updated.LastChunk);
                json.WriteFree("metadata"u8, updated.Metadata);
                break;
            case CheckpointSaved saved:
                json.WriteBase64String("data"u8, saved.Data.Span);
                json.WriteCount("taken"u8, saved.Taken);
                json.WriteFlag("handOver"u8, saved.HandOver);
                json.WriteMoment("sleepUntil"u8, saved.SleepUntil);
                break;
        }
    }

    private static TaskEvent Read(ReadOnlyMemory<byte> stored, string kind, JsonElement json) => kind switch
    {
        "received" => new MessageReceived
        {
            Message = StoredJson.Read<Message>(stored, json, "message"u8)!,
            AcceptedOutputModes = StoredJson.ReadStrings(json, "acceptedOutputModes"u8),
            RequestMetadata = StoredJson.ReadFree(json, "metadata"u8),
            Sender = RequestJson.ReadSender(json),
            Extensions = RequestJson.ReadExtensions(json),
            ReplyUntil = StoredJson.ReadMoment(json, "replyUntil"u8),
        },
        "added" => new MessageAdded
        {
            Message = StoredJson.Read<Message>(stored, json, "message"u8)!,
            AcceptedOutputModes = StoredJson.ReadStrings(json, "acceptedOutputModes"u8),
            RequestMetadata = StoredJson.ReadFree(json, "metadata"u8),
            Sender = RequestJson.ReadSender(json),
            Extensions = RequestJson.ReadExtensions(json),
        },
        "advanced" => new RequestAdvanced
        {
            Taken = StoredJson.ReadCount(json, "taken"u8),
            Checkpoint = StoredJson.ReadBytes(json, "checkpoint"u8),
        },
        "started" => new RunStarted
        {
            Lease = new Lease(
                json.GetProperty("runId"u8).GetString()!, json.GetProperty("until"u8).GetDateTimeOffset(), json.GetProperty("attempt"u8)
                .GetInt32()),
            FromSubmitted = StoredJson.ReadFlag(json, "fromSubmitted"u8),
            Dropped = StoredJson.ReadStrings(json, "dropped"u8) ?? [],
        },
        "status" => new StatusChanged
        {
            State = TaskStateNames.TryParse(json.GetProperty("state"u8).GetString(), out var state)
                ? state
                : throw new InvalidDataException($"unknown state {json.GetProperty("state"u8)}"),
            Message = StoredJson.Read<Message>(stored, json, "message"u8),
            Taken = StoredJson.ReadCount(json, "taken"u8),
            Metadata = StoredJson.ReadFree(json, "metadata"u8),
        },
        "replied" => new Replied { Message = StoredJson.Read<Message>(stored, json, "message"u8)! },
        "artifact" => new ArtifactUpdated
        {
            Artifact = StoredJson.Read<Artifact>(stored, json, "artifact"u8)!,
            Append = StoredJson.ReadFlag(json, "append"u8),
            LastChunk = StoredJson.ReadFlag(json, "lastChunk"u8),
            Metadata = StoredJson.ReadFree(json, "metadata"u8),
        },
        "checkpoint" => new CheckpointSaved
        {
            Data = json.GetProperty("data"u8).GetBytesFromBase64(),
            Taken = StoredJson.ReadCount(json, "taken"u8),
            HandOver = StoredJson.ReadFlag(json, "handOver"u8),
            SleepUntil = StoredJson.ReadMoment(json, "sleepUntil"u8),
        },
        "woken" => new Woken(),
        _ => throw new InvalidDataException($"unknown event '{kind}'"),
    };
}
