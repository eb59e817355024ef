using System.Runtime.CompilerServices;
using System.Text;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Agents;

/// <summary>
/// What an agent says while it works on a task: a closed union whose members are made by the verbs of this class. Nothing may follow an
/// update that ends the run: <see cref="Complete()"/>, <see cref="Reply(string)"/>, <see cref="Fail"/>, <see cref="Reject"/>,
/// <see cref="Ask(string)"/> and <see cref="RequireAuthorization(string)"/>.
/// </summary>
public abstract record AgentUpdate
{
    private protected AgentUpdate()
    {
    }

    /// <summary>Reports progress: the task stays WORKING, with this as its status message.</summary>
    public static ReportUpdate Report(string text) => new([Part.FromText(text)]);

    /// <inheritdoc cref="Report(string)"/>
    /// <param name="parts">The status message: at least one part.</param>
    public static ReportUpdate Report(params IReadOnlyList<Part> parts) => new(parts);

    /// <summary>Adds an artifact of one text, whole. An artifact with the same id is replaced.</summary>
    public static ArtifactUpdate Artifact(string artifactId, string text) => Artifact(artifactId, [Part.FromText(text)]);

    /// <summary>Adds an artifact, whole. An artifact with the same id is replaced.</summary>
    /// <param name="artifactId">The artifact's id, unique within the task.</param>
    /// <param name="parts">The artifact's content: at least one part.</param>
    public static ArtifactUpdate Artifact(string artifactId, params IReadOnlyList<Part> parts) =>
        Artifact(new Artifact { ArtifactId = artifactId, Parts = parts });

    /// <summary>Adds an artifact with a name, a description or metadata, whole. An artifact with the same id is replaced.</summary>
    public static ArtifactUpdate Artifact(Artifact artifact) => new(artifact) { LastChunk = true };

    /// <summary>
    /// Appends text to an artifact, also to one of an earlier run; the first piece begins it. Texts that follow each other are one part.
    /// <see cref="Stream"/> and <see cref="Artifact(string, string)"/> begin the artifact anew.
    /// </summary>
    /// <param name="artifactId">The artifact's id, unique within the task.</param>
    /// <param name="text">The text.</param>
    /// <param name="lastChunk">Whether the artifact ends with this piece. Default: false.</param>
    public static ArtifactUpdate Append(string artifactId, string text, bool lastChunk = false) =>
        Append(artifactId, [Part.FromText(text)], lastChunk);

    /// <summary>Appends parts to an artifact, also to one of an earlier run; the first piece begins it.</summary>
    /// <param name="artifactId">The artifact's id, unique within the task.</param>
    /// <param name="parts">At least one part.</param>
    /// <param name="lastChunk">Whether the artifact ends with this piece. Default: false.</param>
    public static ArtifactUpdate Append(string artifactId, IReadOnlyList<Part> parts, bool lastChunk = false) =>
        new(new Artifact { ArtifactId = artifactId, Parts = parts }) { Append = true, LastChunk = lastChunk };

    /// <summary>
    /// Streams text into an artifact as it comes: <c>await foreach (var update in AgentUpdate.Stream("answer", chunks)) yield return update;</c>.
    /// An empty last piece ends the artifact. Empty chunks are left out; a stream without text makes no artifact.
    /// </summary>
    /// <param name="artifactId">The artifact's id, unique within the task. An artifact that an earlier run has made with it is replaced.</param>
    /// <param name="chunks">The text, piece by piece.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public static async IAsyncEnumerable<AgentUpdate> Stream(
        string artifactId, IAsyncEnumerable<string> chunks, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var isBegun = false;
        await foreach (var chunk in chunks.WithCancellation(cancellationToken))
        {
            if (chunk.Length == 0)
                continue;
            yield return Append(artifactId, chunk) with { Append = isBegun };
            isBegun = true;
        }

        // A piece of its own, empty: to wait whether another one comes would hold each of them back.
        if (isBegun)
            yield return Append(artifactId, "", lastChunk: true);
    }

    /// <summary>Asks the client: the task becomes INPUT_REQUIRED and is run again when the client has answered.</summary>
    public static AskUpdate Ask(string question) => new([Part.FromText(question)]);

    /// <inheritdoc cref="Ask(string)"/>
    /// <param name="parts">The question: at least one part.</param>
    public static AskUpdate Ask(params IReadOnlyList<Part> parts) => new(parts);

    /// <summary>Requires an authorization: the task becomes AUTH_REQUIRED and is run again when the client has answered.</summary>
    /// <param name="what">What is needed, for the client.</param>
    public static RequireAuthorizationUpdate RequireAuthorization(string what) => new([Part.FromText(what)]);

    /// <inheritdoc cref="RequireAuthorization(string)"/>
    /// <param name="parts">What is needed: at least one part.</param>
    public static RequireAuthorizationUpdate RequireAuthorization(params IReadOnlyList<Part> parts) => new(parts);

    /// <summary>Completes the task.</summary>
    public static CompleteUpdate Complete() => new((IReadOnlyList<Part>?)null);

    /// <summary>Completes the task with a closing message.</summary>
    public static CompleteUpdate Complete(string text) => new([Part.FromText(text)]);

    /// <inheritdoc cref="Complete(string)"/>
    /// <param name="parts">The message: at least one part.</param>
    public static CompleteUpdate Complete(params IReadOnlyList<Part> parts) => new(parts);

    /// <summary>
    /// Answers with a message instead of a task (A2A 1.0, section 3.1.1) if the client waits for the answer or streams it, has no webhook,
    /// and was sent nothing of the task yet. Otherwise the task is completed, with the message as its status message.
    /// </summary>
    /// <remarks>
    /// Only for an agent that is registered as replying (<c>AddAgent&lt;TAgent&gt;(replies: true)</c> or <c>A2A:Agent:Replies</c>); from
    /// others it fails the task. A status, an artifact or a question that comes first sends the task to the client.
    /// </remarks>
    public static ReplyUpdate Reply(string text) => new([Part.FromText(text)]);

    /// <inheritdoc cref="Reply(string)"/>
    /// <param name="parts">The message: at least one part.</param>
    public static ReplyUpdate Reply(params IReadOnlyList<Part> parts) => new(parts);

    /// <summary>Fails the task: it can't be done.</summary>
    /// <param name="reason">Why, for the client.</param>
    public static FailUpdate Fail(string reason) => new(reason);

    /// <summary>Rejects the task: the agent will not do it.</summary>
    /// <param name="reason">Why, for the client.</param>
    public static RejectUpdate Reject(string reason) => new(reason);

    /// <summary>
    /// Saves a point to go on from, in this run or in another one: after a crash, or when the run's time is nearly over. It comes back as
    /// <see cref="AgentContext.Checkpoint"/>.
    /// </summary>
    public static SaveCheckpointUpdate SaveCheckpoint(ReadOnlyMemory<byte> data) => new(data);

    /// <inheritdoc cref="SaveCheckpoint(ReadOnlyMemory{byte})"/>
    /// <param name="data">The point as text, in UTF-8.</param>
    public static SaveCheckpointUpdate SaveCheckpoint(string data) => new(Encoding.UTF8.GetBytes(data));
}
