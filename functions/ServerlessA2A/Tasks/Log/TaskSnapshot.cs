using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tasks.Log;

/// <summary>A task's log, folded up to the event <see cref="Seq"/>: the task as clients see it, and what a worker needs to run it.</summary>
public sealed record TaskSnapshot
{
    /// <summary>Whose the task is (<see cref="Security.Caller.Owner"/>).</summary>
    public required string Owner { get; init; }

    /// <summary>The task as clients see it, whole: all history and artifacts.</summary>
    public required A2ATask Task { get; init; }

    /// <summary>The number of the last event that is folded in.</summary>
    public required long Seq { get; init; }

    /// <summary>When the task was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long the task is kept after its last change of status.</summary>
    public required TimeSpan Retention { get; init; }

    /// <summary>The message that is to be answered: the client's newest.</summary>
    public required Message Request { get; init; }

    /// <summary>The media types that the client can take; null or empty for any.</summary>
    public IReadOnlyList<string>? AcceptedOutputModes { get; init; }

    /// <summary>The metadata of the client's newest request.</summary>
    public JsonElement? RequestMetadata { get; init; }

    /// <summary>How the sender of the client's newest request authenticated; null where an older version stored it.</summary>
    public Sender? Sender { get; init; }

    /// <summary>The extensions that the client's newest request activated.</summary>
    public IReadOnlyList<ActiveExtension> Extensions { get; init; } = [];

    /// <summary>
    /// Messages that were added while the task was SUBMITTED or WORKING and not taken for good yet, oldest first. Each run offers them to
    /// its agent; empty when the task has ended.
    /// </summary>
    public IReadOnlyList<MessageAdded> Pending { get; init; } = [];

    /// <summary>How many messages have ever been added while the task was SUBMITTED or WORKING, the pending ones included.</summary>
    public int AddedMessages { get; init; }

    /// <summary>
    /// Until when the answer may be a message instead of the task: the client waits for it, and was sent nothing of the task yet. Null
    /// where it must be the task.
    /// </summary>
    public DateTimeOffset? ReplyUntil { get; init; }

    /// <summary>Whether the task was answered with a message (<see cref="Replied"/>): then it is in no list.</summary>
    public bool IsReplied { get; init; }

    /// <summary>The message that the task was answered with, as the client gets it: without a task id. Null for none.</summary>
    public Message? Reply => IsReplied ? Task.Status.Message! with { TaskId = null } : null;

    /// <summary>Who works on the task, if anybody does.</summary>
    public Lease? Lease { get; init; }

    /// <summary>Where the agent can go on from, if it has said so.</summary>
    public ReadOnlyMemory<byte>? Checkpoint { get; init; }

    /// <summary>The ids of the task's webhooks, as far as whoever has read the task knows.</summary>
    public IReadOnlyList<string> WebhookIds { get; init; } = [];

    /// <summary>How many runs have been begun since the client last spoke or the work was last handed over.</summary>
    public int Attempts { get; init; }

    /// <summary>When the client has last spoken.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When the newest entry that is folded in was made.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>
    /// Since when, or from when on, nobody is known to work on the task: from the end of its lease, or since its last entry. Null where
    /// nobody has to, because it rests.
    /// </summary>
    public DateTimeOffset? UnattendedSince => State.IsResting() ? null : Lease?.Until ?? ChangedAt;

    /// <summary>Whether a run is needed: the task does not rest, and no live worker holds it.</summary>
    public bool NeedsRun(DateTimeOffset now) => !State.IsResting() && Lease?.IsAlive(now) != true;

    /// <summary>The task's id.</summary>
    public string Id => Task.Id;

    /// <summary>The task's state.</summary>
    public TaskState State => Task.Status.State;

    /// <summary>The history as a run knows it: without the pending messages, which it is offered.</summary>
    internal IReadOnlyList<Message> HistoryOfRun => Pending.Count == 0
        ? Task.History ?? []
        : [.. (Task.History ?? []).Where(message => !Pending.Any(added => ReferenceEquals(added.Message, message)))];

    /// <summary>How large the task is, in bytes: its messages and artifacts, what is said about them, and the agent's checkpoint.</summary>
    public long Size => (Task.History ?? []).Sum(ContentSize.Of) + (Task.Status.Message is { } said ? ContentSize.Of(said) : 0) + (Task.Artifacts ?? []).Sum(ContentSize.Of) +
        ContentSize.Of(Task.Metadata) + SizeOfRequest(RequestMetadata, Sender, Extensions) +
        Pending.Sum(added => SizeOfRequest(added.RequestMetadata, added.Sender, added.Extensions)) + (Checkpoint?.Length ?? 0);

    /// <summary>When the task came into its status.</summary>
    public DateTimeOffset StatusAt => Task.Status.Timestamp ?? CreatedAt;

    /// <summary>When the task and its log may be forgotten; from then on they are not found any more.</summary>
    public DateTimeOffset ExpireAt => StatusAt + Retention;

    private static long SizeOfRequest(JsonElement? metadata, Sender? sender, IReadOnlyList<ActiveExtension> extensions) =>
        ContentSize.Of(metadata) + ContentSize.Of(sender?.Claims) + extensions.Sum(extension => ContentSize.Of(extension.Params));
}
