using System.Globalization;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tests.Support;

/// <summary>
/// States and events as text, member by member: two that say the same are equal whoever has stored and read them, and a difference can be
/// read.
/// </summary>
public static class Describe
{
    public static string Snapshot(TaskSnapshot? snapshot) => snapshot is null ? "none" : string.Join('\n',
        $"owner {snapshot.Owner}",
        $"task {Json(snapshot.Task)}",
        $"seq {snapshot.Seq}",
        $"created {Moment(snapshot.CreatedAt)}",
        $"requested {Moment(snapshot.RequestedAt)}",
        $"changed {Moment(snapshot.ChangedAt)}",
        $"retention {snapshot.Retention}",
        $"request {Json(snapshot.Request)}",
        $"modes {Modes(snapshot.AcceptedOutputModes)}",
        $"metadata {Raw(snapshot.RequestMetadata)}",
        $"sender {Origin(snapshot.Sender, snapshot.Extensions)}",
        $"pending {string.Join(' ', snapshot.Pending.Select(Pending))} of {snapshot.AddedMessages}",
        $"reply until {(snapshot.ReplyUntil is { } until ? Moment(until) : "-")}, replied {snapshot.IsReplied}",
        $"lease {Lease(snapshot.Lease)}, sleeps until {(snapshot.SleepUntil is { } sleep ? Moment(sleep) : "-")}",
        $"checkpoint {Bytes(snapshot.Checkpoint)}",
        $"attempts {snapshot.Attempts}");

    public static string Entries(IEnumerable<LogEntry> entries) => string.Join('\n', entries.Select(Entry));

    public static string Entry(LogEntry entry) =>
        $"{entry.First}-{entry.Last} at {Moment(entry.At)}: {string.Join("; ", entry.Events.Select(Event))}";

    internal static string Event(TaskEvent taskEvent) => taskEvent switch
    {
        MessageReceived received =>
            $"received {Json(received.Message)} {Modes(received.AcceptedOutputModes)} {Raw(received.RequestMetadata)} " +
            $"{Origin(received.Sender, received.Extensions)} {(received.ReplyUntil is { } until ? Moment(until) : "-")}",
        MessageAdded added =>
        $"added {Json(added.Message)} {Modes(added.AcceptedOutputModes)} {Raw(added.RequestMetadata)} " +
        $"{Origin(added.Sender, added.Extensions)}",
        RequestAdvanced advanced => $"advanced {advanced.Taken} {Bytes(advanced.Checkpoint)}",
        RunStarted started => $"started {Lease(started.Lease)} {started.FromSubmitted} dropped [{string.Join(',', started.Dropped)}]",
        StatusChanged changed =>
        $"{changed.State} {(changed.Message is null ? "-" : Json(changed.Message))} {Raw(changed.Metadata)} {changed.Taken}",
        Replied replied => $"replied {Json(replied.Message)}",
        ArtifactUpdated updated => $"artifact {Json(updated.Artifact)} {updated.Append} {updated.LastChunk} {Raw(updated.Metadata)}",
        CheckpointSaved saved =>
        $"checkpoint {Bytes(saved.Data)} {saved.HandOver} {saved.Taken} {(saved.SleepUntil is { } sleep ? Moment(sleep) : "-")}",
        Woken => "woken",
        _ => throw new ArgumentException(taskEvent.GetType().Name, nameof(taskEvent)),
    };

    /// <summary>The events' kinds alone: for tests of what happens, not of what it says.</summary>
    internal static string Kinds(IEnumerable<TaskEvent> events) => string.Join(' ', events.Select(taskEvent => taskEvent switch
    {
        StatusChanged changed => changed.State.ToString(),
        CheckpointSaved { SleepUntil: not null } => "Sleep",
        CheckpointSaved { HandOver: true } => "HandOver",
        _ => taskEvent.GetType().Name,
    }));

    public static string Json<T>(T value) => Encoding.UTF8.GetString(ProtocolJson.Write(value));

    private static string Raw(JsonElement? json) => json?.GetRawText() ?? "-";

    private static string Pending(MessageAdded added) =>
        $"{added.Message.MessageId} {Modes(added.AcceptedOutputModes)} {Raw(added.RequestMetadata)} " +
        $"{Origin(added.Sender, added.Extensions)}";

    private static string Origin(Sender? sender, IReadOnlyList<ActiveExtension> extensions) =>
        $"{sender?.Scheme ?? "-"} {Raw(sender?.Claims)} " +
        $"[{string.Join(' ', extensions.Select(extension => $"{extension.Uri} {Raw(extension.Params)}"))}]";

    private static string Bytes(ReadOnlyMemory<byte>? bytes) => bytes is { } data ? Convert.ToHexString(data.Span) : "-";

    private static string Modes(IReadOnlyList<string>? modes) => modes is { Count: > 0 } ? string.Join(',', modes) : "-";

    private static string Lease(Lease? lease) => lease is null ? "-" : $"{lease.RunId} until {Moment(lease.Until)} attempt {lease.Attempt}";

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
