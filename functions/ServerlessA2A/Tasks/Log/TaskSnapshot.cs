using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tasks.Log;

/// <summary>
/// A task's log, folded up to the event <see cref="Seq"/>: the task as clients see it, and what a worker needs to run it.
/// </summary>
public sealed record TaskSnapshot
{
    /// <summary>The owner of the task (<see cref="Security.Caller.Owner"/>).</summary>
    public required string Owner { get; init; }

    /// <summary>The task as clients see it, whole: all history and artifacts.</summary>
    public required A2ATask Task { get; init; }

    /// <summary>The number of the last event that is folded in.</summary>
    public required long Seq { get; init; }

    /// <summary>When the task was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long the task is retained after its last change of status.</summary>
    public required TimeSpan Retention { get; init; }

    /// <summary>The message to answer: the client's newest.</summary>
    public required Message Request { get; init; }

    /// <summary>The media types that the client can take; null or empty for any.</summary>
    public IReadOnlyList<string>? AcceptedOutputModes { get; init; }

    /// <summary>The metadata of the client's newest request.</summary>
    public JsonElement? RequestMetadata { get; init; }

    /// <summary>How the sender of the client's newest request authenticated; null where an older version stored it.</summary>
    internal Sender? Sender { get; init; }

    /// <summary>The extensions that the client's newest request activated.</summary>
    public IReadOnlyList<ActiveExtension> Extensions { get; init; } = [];

    /// <summary>
    /// Messages that were added while the task was SUBMITTED or WORKING and not taken for good yet, oldest first. Each run offers them to
    /// its agent; empty when the task has ended.
    /// </summary>
    internal IReadOnlyList<MessageAdded> Pending { get; init; } = [];

    /// <summary>How many messages have ever been added while the task was SUBMITTED or WORKING, the pending ones included.</summary>
    public int AddedMessages { get; init; }

    /// <summary>
    /// Until when the answer may be a message instead of the task: the client waits for it, and was sent nothing of the task yet. Null
    /// where it must be the task.
    /// </summary>
    public DateTimeOffset? ReplyUntil { get; init; }

    /// <summary>Whether the agent answered with a message instead of the task: then the task is in no list.</summary>
    public bool IsReplied { get; init; }

    /// <summary>The message that the task was answered with, as the client gets it: without a task id. Null for none.</summary>
    public Message? Reply => IsReplied ? Task.Status.Message! with { TaskId = null } : null;

    /// <summary>The lease of the run that works on the task; null for none.</summary>
    public Lease? Lease { get; init; }

    /// <summary>
    /// Until when the task sleeps: its agent waits for something, and no run is needed before. Null where the task does not sleep.
    /// </summary>
    public DateTimeOffset? SleepUntil { get; init; }

    /// <summary>The agent's last checkpoint; null for none.</summary>
    public ReadOnlyMemory<byte>? Checkpoint { get; init; }

    /// <summary>The ids of the task's webhooks, as far as whoever has read the task knows.</summary>
    public IReadOnlyList<string> WebhookIds { get; init; } = [];

    /// <summary>
    /// The trace of the request that created or last continued the task, as a W3C <c>traceparent</c>; null for none. It is beside the log:
    /// a run that only the sweep requests continues it.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>How many runs were started since the client's last message or the last hand-over.</summary>
    public int Attempts { get; init; }

    /// <summary>When the client's last message arrived.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When the newest entry that is folded in was appended.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>
    /// Since when, or from when on, the task needs a worker and has none: from the expiry of its lease, from the end of its sleep, or
    /// since its last entry. Null in a terminal or interrupted state, where no worker is needed.
    /// </summary>
    public DateTimeOffset? UnattendedSince => State.IsTerminalOrInterrupted() ? null : Lease?.Until ?? SleepUntil ?? ChangedAt;

    /// <summary>
    /// Whether a run is needed: the task is neither in a terminal nor in an interrupted state, does not sleep, and no live worker holds it.
    /// </summary>
    public bool NeedsRun(DateTimeOffset now) =>
        !State.IsTerminalOrInterrupted() && Lease?.IsAlive(now) != true && !(SleepUntil > now);

    /// <summary>The task's id.</summary>
    public string Id => Task.Id;

    /// <summary>The task's state.</summary>
    public TaskState State => Task.Status.State;

    /// <summary>The history as a run knows it: without the pending messages, which it is offered.</summary>
    internal IReadOnlyList<Message> HistoryOfRun => Pending.Count == 0
        ? Task.History ?? []
        : [.. (Task.History ?? []).Where(message => !Pending.Any(added => ReferenceEquals(added.Message, message)))];

    /// <summary>The size of the task in bytes: its messages, artifacts, their metadata, and the agent's checkpoint.</summary>
    public long Size => (Task.History ?? []).Sum(ContentSize.Of) +
        (Task.Status.Message is { } message ? ContentSize.Of(message) : 0) + (Task.Artifacts ?? []).Sum(ContentSize.Of) +
        ContentSize.Of(Task.Metadata) + SizeOfRequests + (Checkpoint?.Length ?? 0);

    /// <summary>The size of the client's newest request and of the pending ones, without their messages.</summary>
    internal long SizeOfRequests => SizeOfRequest(RequestMetadata, AcceptedOutputModes, Sender, Extensions) +
        Pending.Sum(added => SizeOfRequest(added.RequestMetadata, added.AcceptedOutputModes, added.Sender, added.Extensions));

    /// <summary>When the status last changed.</summary>
    public DateTimeOffset StatusAt => Task.Status.Timestamp ?? CreatedAt;

    /// <summary>When the task and its log expire; from then on they are not found.</summary>
    public DateTimeOffset ExpireAt => StatusAt + Retention;

    private static long SizeOfRequest(
        JsonElement? metadata, IReadOnlyList<string>? outputModes, Sender? sender, IReadOnlyList<ActiveExtension> extensions) =>
        ContentSize.Of(metadata, outputModes) + ContentSize.Of(sender?.Claims) +
        extensions.Sum(extension => ContentSize.Of(extension.Params));
}
