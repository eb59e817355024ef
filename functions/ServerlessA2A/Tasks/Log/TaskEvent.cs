using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tasks.Log;

/// <summary>
/// One event of a task's log: a closed union. Each event has a number, 1, 2, 3 … without gaps; the number is the id of the
/// event in streams. A task's state is the fold over its events (<see cref="TaskFold"/>).
/// </summary>
internal abstract record TaskEvent
{
    private protected TaskEvent()
    {
    }
}

/// <summary>
/// A message of the client: the first event of every task, and the answer to an interrupted one. The task becomes SUBMITTED.
/// </summary>
internal sealed record MessageReceived : TaskEvent
{
    /// <summary>The message, with the ids of its task and context.</summary>
    public required Message Message { get; init; }

    /// <summary>The media types that the client can take; null or empty for any.</summary>
    public IReadOnlyList<string>? AcceptedOutputModes { get; init; }

    /// <summary>The metadata of the request: a JSON object.</summary>
    public JsonElement? RequestMetadata { get; init; }

    /// <summary>How the sender authenticated; null where an older version stored it.</summary>
    public Sender? Sender { get; init; }

    /// <summary>The extensions that the request activated.</summary>
    public IReadOnlyList<ActiveExtension> Extensions { get; init; } = [];

    /// <summary>Until when the client waits for an answer that may be a message; null where it must be the task.</summary>
    public DateTimeOffset? ReplyUntil { get; init; }
}

/// <summary>
/// A message of the client while the task was SUBMITTED or WORKING. It joins the history and is offered to the agent
/// (<see cref="TaskSnapshot.Pending"/>). Neither streams nor webhooks show it.
/// </summary>
internal sealed record MessageAdded : TaskEvent
{
    /// <summary>The message, with the ids of its task and context.</summary>
    public required Message Message { get; init; }

    /// <summary>The media types that the client can take, should the message become the request; null or empty for any.</summary>
    public IReadOnlyList<string>? AcceptedOutputModes { get; init; }

    /// <summary>The metadata of the message's request: a JSON object.</summary>
    public JsonElement? RequestMetadata { get; init; }

    /// <summary>How the sender authenticated; null where an older version stored it.</summary>
    public Sender? Sender { get; init; }

    /// <summary>The extensions that the request activated.</summary>
    public IReadOnlyList<ActiveExtension> Extensions { get; init; } = [];
}

/// <summary>
/// The agent completed its work without reading a message that was added meanwhile: the oldest such message becomes the request, the lease
/// is released, and another run follows. Hidden from clients.
/// </summary>
internal sealed record RequestAdvanced : TaskEvent
{
    /// <summary>How many pending messages the agent had taken before it ended; the next one is the request.</summary>
    public required int Taken { get; init; }

    /// <summary>The checkpoint for the next run; null for none.</summary>
    public ReadOnlyMemory<byte>? Checkpoint { get; init; }
}

/// <summary>A worker took the task, or took it over. The next append of the run before fails.</summary>
internal sealed record RunStarted : TaskEvent
{
    /// <summary>The worker's right to the task.</summary>
    public required Lease Lease { get; init; }

    /// <summary>
    /// True where the task was SUBMITTED, so that clients see it become WORKING; false for a take-over, which they do not see.
    /// </summary>
    public required bool FromSubmitted { get; init; }

    /// <summary>
    /// The artifacts that a lost run started since its last checkpoint: they are removed. Artifacts that it only changed are restored by
    /// the <see cref="ArtifactUpdated"/> that follow in the same entry.
    /// </summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];
}

/// <summary>The status changed, or the agent reported progress in an unchanged one.</summary>
internal sealed record StatusChanged : TaskEvent
{
    /// <summary>The state from now on.</summary>
    public required TaskState State { get; init; }

    /// <summary>The agent's message about it.</summary>
    public Message? Message { get; init; }

    /// <summary>How many pending messages the agent had taken when it interrupted the task: they are not offered again.</summary>
    public int Taken { get; init; }

    /// <summary>Additions for the event: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>
/// The agent answered with a message instead of the task, to a client that waited and was sent nothing of the task. The task is COMPLETED,
/// with that message as its status message, and in no list.
/// </summary>
internal sealed record Replied : TaskEvent
{
    /// <summary>The message as the client gets it: with the id of its context, and without a task id.</summary>
    public required Message Message { get; init; }
}

/// <summary>An artifact was created, replaced, or extended by a chunk.</summary>
internal sealed record ArtifactUpdated : TaskEvent
{
    /// <summary>The artifact, or the chunk of it.</summary>
    public required Artifact Artifact { get; init; }

    /// <summary>True where the parts are appended to the artifact of the same id.</summary>
    public bool Append { get; init; }

    /// <summary>True for the last chunk of the artifact.</summary>
    public bool LastChunk { get; init; }

    /// <summary>Additions for the event: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>The agent saved a checkpoint. Hidden from clients.</summary>
internal sealed record CheckpointSaved : TaskEvent
{
    /// <summary>The data that the next run continues from.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>
    /// How many pending messages the agent had taken when it saved: the checkpoint covers them, so they are not offered again.
    /// </summary>
    public int Taken { get; init; }

    /// <summary>True where the run ends with this: the lease is released and another run continues.</summary>
    public bool HandOver { get; init; }

    /// <summary>Until when no run is needed, unless something happens; null where the next run begins at once.</summary>
    public DateTimeOffset? SleepUntil { get; init; }
}

/// <summary>What the agent waits for may have happened: a task that sleeps runs again. Hidden from clients.</summary>
internal sealed record Woken : TaskEvent;
