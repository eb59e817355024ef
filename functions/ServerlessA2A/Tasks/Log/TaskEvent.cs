using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tasks.Log;

/// <summary>
/// One event of a task's log: a closed union. Each event has a number, 1, 2, 3 … without gaps; the number is the id of the
/// event in streams. A task's state is the fold over its events (<see cref="TaskFold"/>).
/// </summary>
public abstract record TaskEvent
{
    private protected TaskEvent()
    {
    }
}

/// <summary>The client has spoken: the first event of every task, and the answer to an interrupted one. The task becomes SUBMITTED.</summary>
public sealed record MessageReceived : TaskEvent
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
/// The client has spoken while the task was SUBMITTED or WORKING. The message joins the history and waits to be taken up by the agent
/// (<see cref="TaskSnapshot.Pending"/>). Neither streams nor webhooks show it.
/// </summary>
public sealed record MessageAdded : TaskEvent
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
/// The agent has completed its work without having seen a message that was added meanwhile: the oldest such message is now the request, the
/// lease is given up, and another run goes on. Clients do not see it.
/// </summary>
public sealed record RequestAdvanced : TaskEvent
{
    /// <summary>How many pending messages the agent had taken before it ended; the next one is the request.</summary>
    public required int Taken { get; init; }

    /// <summary>What the agent wants back when it is run for that request; null for nothing.</summary>
    public ReadOnlyMemory<byte>? Checkpoint { get; init; }
}

/// <summary>A worker has taken the task, or taken it over. Whoever ran it before finds its next append refused.</summary>
public sealed record RunStarted : TaskEvent
{
    /// <summary>The worker's right to the task.</summary>
    public required Lease Lease { get; init; }

    /// <summary>True where the task was SUBMITTED, so that clients see it become WORKING; false for a take-over, which they do not see.</summary>
    public required bool FromSubmitted { get; init; }

    /// <summary>
    /// The artifacts that a lost run has begun since it could last be gone on from: they are no more. Those that it has only changed are set
    /// back by the <see cref="ArtifactUpdated"/> that follow in the same entry.
    /// </summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];
}

/// <summary>The status has changed, or the agent has said something about an unchanged one.</summary>
public sealed record StatusChanged : TaskEvent
{
    /// <summary>The state from now on.</summary>
    public required TaskState State { get; init; }

    /// <summary>What the agent says about it.</summary>
    public Message? Message { get; init; }

    /// <summary>How many pending messages the agent had taken when it interrupted the task: they are not offered again.</summary>
    public int Taken { get; init; }

    /// <summary>Additions for the event: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>
/// The agent has answered with a message instead of the task, to a client that waited and was sent nothing of it. The task is COMPLETED,
/// with that message as its status message, and in no list.
/// </summary>
public sealed record Replied : TaskEvent
{
    /// <summary>The message as the client gets it: with the id of its context, and without a task id.</summary>
    public required Message Message { get; init; }
}

/// <summary>An artifact was made, replaced, or has grown by a chunk.</summary>
public sealed record ArtifactUpdated : TaskEvent
{
    /// <summary>The artifact, or the chunk of it.</summary>
    public required Artifact Artifact { get; init; }

    /// <summary>True where the parts are appended to the artifact of the same id.</summary>
    public bool Append { get; init; }

    /// <summary>True where nothing more will come for this artifact.</summary>
    public bool LastChunk { get; init; }

    /// <summary>Additions for the event: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>The agent can go on from here. Clients do not see it.</summary>
public sealed record CheckpointSaved : TaskEvent
{
    /// <summary>What the agent wants back when it goes on.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>How many pending messages the agent had taken when it saved: the checkpoint covers them, so they are not offered again.</summary>
    public int Taken { get; init; }

    /// <summary>True where the run ends here and another one goes on: the lease is given up.</summary>
    public bool HandOver { get; init; }
}
