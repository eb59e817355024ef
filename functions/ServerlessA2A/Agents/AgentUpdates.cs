using System.Text.Json;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Agents;

/// <summary>Progress (<see cref="AgentUpdate.Report(string)"/>).</summary>
public sealed record ReportUpdate : AgentUpdate
{
    internal ReportUpdate(IReadOnlyList<Part> parts) => Parts = parts;

    /// <summary>The status message: at least one part.</summary>
    public IReadOnlyList<Part> Parts { get; init; }
}

/// <summary>
/// An artifact or a piece of one (<see cref="AgentUpdate.Artifact(string, string)"/>,
/// <see cref="AgentUpdate.Append(string, string, bool)"/>, <see cref="AgentUpdate.Stream"/>).
/// </summary>
public sealed record ArtifactUpdate : AgentUpdate
{
    internal ArtifactUpdate(Artifact content) => Content = content;

    /// <summary>The artifact, or the piece: at least one part.</summary>
    public Artifact Content { get; init; }

    /// <summary>Whether this is appended to an existing artifact with the same id; otherwise it replaces that artifact.</summary>
    public new bool Append { get; init; }

    /// <summary>Whether this is the last chunk of the artifact.</summary>
    public bool LastChunk { get; init; }
}

/// <summary>A question (<see cref="AgentUpdate.Ask(string)"/>).</summary>
public sealed record AskUpdate : AgentUpdate
{
    internal AskUpdate(IReadOnlyList<Part> parts) => Parts = parts;

    /// <summary>The question: at least one part.</summary>
    public IReadOnlyList<Part> Parts { get; init; }

    /// <summary>Added to the task's metadata: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>A request for an authorization (<see cref="AgentUpdate.RequireAuthorization(string)"/>).</summary>
public sealed record RequireAuthorizationUpdate : AgentUpdate
{
    internal RequireAuthorizationUpdate(IReadOnlyList<Part> parts) => Parts = parts;

    /// <summary>The authorization that is needed: at least one part.</summary>
    public IReadOnlyList<Part> Parts { get; init; }

    /// <summary>Added to the task's metadata: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>The task's completion (<see cref="AgentUpdate.Complete()"/>).</summary>
public sealed record CompleteUpdate : AgentUpdate
{
    internal CompleteUpdate(IReadOnlyList<Part>? parts) => Parts = parts;

    /// <summary>A closing message, or null for none.</summary>
    public IReadOnlyList<Part>? Parts { get; init; }

    /// <summary>
    /// The <see cref="AgentContext.Checkpoint"/> of the next run, if the agent runs again for a message that it has not taken
    /// (<see cref="AgentContext.NewMessages"/>). Default: none; earlier checkpoints are dropped.
    /// </summary>
    public ReadOnlyMemory<byte>? GoOnFrom { get; init; }

    /// <summary>Added to the task's metadata: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>An answer with a message instead of a task (<see cref="AgentUpdate.Reply(string)"/>).</summary>
public sealed record ReplyUpdate : AgentUpdate
{
    internal ReplyUpdate(IReadOnlyList<Part> parts) => Parts = parts;

    /// <summary>The message: at least one part.</summary>
    public IReadOnlyList<Part> Parts { get; init; }

    /// <summary>The metadata of the message: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>The task's failure (<see cref="AgentUpdate.Fail"/>).</summary>
public sealed record FailUpdate : AgentUpdate
{
    internal FailUpdate(string reason) => Reason = reason;

    /// <summary>The reason, for the client.</summary>
    public string Reason { get; init; }

    /// <summary>Added to the task's metadata: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>The task's rejection (<see cref="AgentUpdate.Reject"/>).</summary>
public sealed record RejectUpdate : AgentUpdate
{
    internal RejectUpdate(string reason) => Reason = reason;

    /// <summary>The reason, for the client.</summary>
    public string Reason { get; init; }

    /// <summary>Added to the task's metadata: a JSON object.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>A pause without a run (<see cref="AgentUpdate.Sleep"/>).</summary>
public sealed record SleepUpdate : AgentUpdate
{
    internal SleepUpdate(ReadOnlyMemory<byte> data, TimeSpan atMost) => (Data, AtMost) = (data, atMost);

    /// <summary>The <see cref="AgentContext.Checkpoint"/> of the next run.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The time after which the next run begins, if nothing happens before.</summary>
    public TimeSpan AtMost { get; init; }
}

/// <summary>A checkpoint (<see cref="AgentUpdate.SaveCheckpoint(string)"/>).</summary>
public sealed record SaveCheckpointUpdate : AgentUpdate
{
    internal SaveCheckpointUpdate(ReadOnlyMemory<byte> data) => Data = data;

    /// <summary>The <see cref="AgentContext.Checkpoint"/> of the next run.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }
}
