using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Agents;

/// <summary>
/// What an agent says: a closed union. Nothing may follow an update that ends the run (<see cref="Completed"/>, <see cref="Replied"/>,
/// <see cref="Failed"/>, <see cref="Rejected"/>, <see cref="InputRequired"/>, <see cref="AuthRequired"/>).
/// </summary>
public abstract record AgentUpdate
{
    private protected AgentUpdate()
    {
    }

    /// <summary>A note on the work: the task stays WORKING, with this as its status message.</summary>
    public static Progress Status(string text) => new([Part.FromText(text)]);

    /// <summary>An artifact, whole.</summary>
    public static ArtifactChunk Artifact(string artifactId, params IReadOnlyList<Part> parts) =>
        new(new Artifact { ArtifactId = artifactId, Parts = parts }) { LastChunk = true };

    /// <summary>An artifact of one text, whole.</summary>
    public static ArtifactChunk Artifact(string artifactId, string text) => Artifact(artifactId, [Part.FromText(text)]);

    /// <summary>A piece of an artifact's text: the first one begins it, <paramref name="append"/> continues it.</summary>
    public static ArtifactChunk Chunk(string artifactId, string text, bool append, bool lastChunk = false) =>
        new(new Artifact { ArtifactId = artifactId, Parts = [Part.FromText(text)] }) { Append = append, LastChunk = lastChunk };

    /// <summary>The task is done.</summary>
    public static Completed Done(string? text = null) => new(text is null ? null : [Part.FromText(text)]);

    /// <summary>Answers with a message instead of a task; only for agents registered as replying (<see cref="Replied"/>).</summary>
    public static Replied Reply(string text) => new([Part.FromText(text)]);

    /// <inheritdoc cref="Reply(string)"/>
    public static Replied Reply(params IReadOnlyList<Part> parts) => new(parts);

    /// <summary>A question to the client: the task waits for the answer.</summary>
    public static InputRequired Ask(string question) => new([Part.FromText(question)]);

    /// <summary>A point to go on from, as text.</summary>
    public static Checkpoint SaveCheckpoint(string data) => new(Encoding.UTF8.GetBytes(data));

    /// <summary>A note on the work; the task stays WORKING.</summary>
    /// <param name="Parts">The note: at least one part.</param>
    public sealed record Progress(IReadOnlyList<Part> Parts) : AgentUpdate;

    /// <summary>An artifact, or a chunk of one.</summary>
    /// <param name="Content">The artifact, or the chunk: at least one part.</param>
    public sealed record ArtifactChunk(Artifact Content) : AgentUpdate
    {
        /// <summary>True to append to the artifact of the same id, which must exist and not be ended.</summary>
        public bool Append { get; init; }

        /// <summary>True where nothing more comes for this artifact.</summary>
        public bool LastChunk { get; init; }
    }

    /// <summary>The agent needs an answer: the task becomes INPUT_REQUIRED and is run again when the client has spoken.</summary>
    /// <param name="Parts">The question: at least one part.</param>
    public sealed record InputRequired(IReadOnlyList<Part> Parts) : AgentUpdate
    {
        /// <summary>Joins the task's metadata: a JSON object.</summary>
        public JsonElement? Metadata { get; init; }
    }

    /// <summary>The agent needs an authorization: the task becomes AUTH_REQUIRED and is run again when the client has spoken.</summary>
    /// <param name="Parts">What is needed: at least one part.</param>
    public sealed record AuthRequired(IReadOnlyList<Part> Parts) : AgentUpdate
    {
        /// <summary>Joins the task's metadata: a JSON object.</summary>
        public JsonElement? Metadata { get; init; }
    }

    /// <summary>The task is done.</summary>
    /// <param name="Parts">A closing word, or null.</param>
    public sealed record Completed(IReadOnlyList<Part>? Parts = null) : AgentUpdate
    {
        /// <summary>
        /// What the agent wants back (<see cref="AgentTask.Checkpoint"/>) when it is run again for a message that it has not taken
        /// (<see cref="AgentTask.NewMessages"/>). Default: nothing; earlier checkpoints do not count any more.
        /// </summary>
        public ReadOnlyMemory<byte>? GoOnFrom { get; init; }

        /// <summary>Joins the task's metadata: a JSON object.</summary>
        public JsonElement? Metadata { get; init; }
    }

    /// <summary>
    /// Answers with a message instead of a task (A2A 1.0, section 3.1.1) if the client waits for the answer or streams it, has no webhook,
    /// and was sent nothing of the task yet. Otherwise the task is completed, with the message as its status message.
    /// </summary>
    /// <remarks>
    /// Only for an agent that is registered as replying (<c>AddAgent&lt;TAgent&gt;(replies: true)</c> or <c>A2A:Agent:Replies</c>); from
    /// others it fails the task. A status, an artifact or a question that comes first sends the task to the client.
    /// </remarks>
    /// <param name="Parts">The message: at least one part.</param>
    public sealed record Replied(IReadOnlyList<Part> Parts) : AgentUpdate
    {
        /// <summary>The metadata of the message: a JSON object.</summary>
        public JsonElement? Metadata { get; init; }
    }

    /// <summary>The task can't be done.</summary>
    /// <param name="Reason">Why, for the client.</param>
    public sealed record Failed(string Reason) : AgentUpdate
    {
        /// <summary>Joins the task's metadata: a JSON object.</summary>
        public JsonElement? Metadata { get; init; }
    }

    /// <summary>The agent will not do it.</summary>
    /// <param name="Reason">Why, for the client.</param>
    public sealed record Rejected(string Reason) : AgentUpdate
    {
        /// <summary>Joins the task's metadata: a JSON object.</summary>
        public JsonElement? Metadata { get; init; }
    }

    /// <summary>The agent can go on from here, in this run or, after a crash or when the run's time is nearly over, in another.</summary>
    /// <param name="Data">What the agent wants back (<see cref="AgentTask.Checkpoint"/>).</param>
    public sealed record Checkpoint(ReadOnlyMemory<byte> Data) : AgentUpdate;
}
