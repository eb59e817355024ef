using System.Runtime.CompilerServices;
using System.Text;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Agents;

/// <summary>
/// An update that an agent yields while it works on a task: a closed union whose members are created by the methods of this class. No
/// update may follow one that ends the run: <see cref="Complete()"/>, <see cref="Reply(string)"/>, <see cref="Fail"/>,
/// <see cref="Reject"/>, <see cref="Ask(string)"/>, <see cref="RequireAuthorization(string)"/> and <see cref="Sleep"/>.
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

    /// <summary>Adds a complete artifact of one text. It replaces an artifact with the same id.</summary>
    public static ArtifactUpdate Artifact(string artifactId, string text) => Artifact(artifactId, [Part.FromText(text)]);

    /// <summary>Adds a complete artifact. It replaces an artifact with the same id.</summary>
    /// <param name="artifactId">The artifact's id, unique within the task.</param>
    /// <param name="parts">The artifact's content: at least one part.</param>
    public static ArtifactUpdate Artifact(string artifactId, params IReadOnlyList<Part> parts) =>
        Artifact(new Artifact { ArtifactId = artifactId, Parts = parts });

    /// <summary>Adds a complete artifact with a name, a description or metadata. It replaces an artifact with the same id.</summary>
    public static ArtifactUpdate Artifact(Artifact artifact) => new(artifact) { LastChunk = true };

    /// <summary>
    /// Appends text to an artifact, also to one of an earlier run; the first piece starts the artifact. Consecutive texts form one part.
    /// <see cref="Stream"/> and <see cref="Artifact(string, string)"/> start the artifact anew.
    /// </summary>
    /// <param name="artifactId">The artifact's id, unique within the task.</param>
    /// <param name="text">The text.</param>
    /// <param name="lastChunk">Whether the artifact ends with this piece. Default: false.</param>
    public static ArtifactUpdate Append(string artifactId, string text, bool lastChunk = false) =>
        Append(artifactId, [Part.FromText(text)], lastChunk);

    /// <summary>Appends parts to an artifact, also to one of an earlier run; the first piece starts the artifact.</summary>
    /// <param name="artifactId">The artifact's id, unique within the task.</param>
    /// <param name="parts">At least one part.</param>
    /// <param name="lastChunk">Whether the artifact ends with this piece. Default: false.</param>
    public static ArtifactUpdate Append(string artifactId, IReadOnlyList<Part> parts, bool lastChunk = false) =>
        new(new Artifact { ArtifactId = artifactId, Parts = parts }) { Append = true, LastChunk = lastChunk };

    /// <summary>
    /// Streams text into an artifact as it arrives: <c>await foreach (var update in AgentUpdate.Stream("answer", chunks)) yield return
    /// update;</c>. An empty last piece ends the artifact. Empty chunks are skipped; a stream without text creates no artifact.
    /// </summary>
    /// <param name="artifactId">The artifact's id, unique within the task. It replaces an earlier run's artifact with the same id.</param>
    /// <param name="chunks">The text, piece by piece.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
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

        // A separate empty piece: marking the last chunk instead would delay each chunk until the next one arrives.
        if (isBegun)
            yield return Append(artifactId, "", lastChunk: true);
    }

    /// <summary>Asks the client: the task becomes INPUT_REQUIRED, and the agent runs again with the client's answer.</summary>
    public static AskUpdate Ask(string question) => new([Part.FromText(question)]);

    /// <inheritdoc cref="Ask(string)"/>
    /// <param name="parts">The question: at least one part.</param>
    public static AskUpdate Ask(params IReadOnlyList<Part> parts) => new(parts);

    /// <summary>Requires an authorization: the task becomes AUTH_REQUIRED, and the agent runs again with the client's answer.</summary>
    /// <param name="what">The authorization that is needed, for the client.</param>
    public static RequireAuthorizationUpdate RequireAuthorization(string what) => new([Part.FromText(what)]);

    /// <inheritdoc cref="RequireAuthorization(string)"/>
    /// <param name="parts">The authorization that is needed: at least one part.</param>
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
    /// and has received nothing of the task yet. Otherwise the task is completed, with the message as its status message.
    /// </summary>
    /// <remarks>
    /// Only for agents registered as replying (<c>AddAgent&lt;TAgent&gt;(replies: true)</c> or <c>A2A:Agent:Replies</c>); a reply of any
    /// other agent fails the task. A status, artifact or question before the reply sends the task to the client.
    /// </remarks>
    public static ReplyUpdate Reply(string text) => new([Part.FromText(text)]);

    /// <inheritdoc cref="Reply(string)"/>
    /// <param name="parts">The message: at least one part.</param>
    public static ReplyUpdate Reply(params IReadOnlyList<Part> parts) => new(parts);

    /// <summary>Fails the task because it cannot be completed.</summary>
    /// <param name="reason">The reason, for the client.</param>
    public static FailUpdate Fail(string reason) => new(reason);

    /// <summary>Rejects the task because the agent will not work on it.</summary>
    /// <param name="reason">The reason, for the client.</param>
    public static RejectUpdate Reject(string reason) => new(reason);

    /// <summary>
    /// Saves a checkpoint, from which this or another run continues: after a crash, or when the run's time is nearly over. The next run
    /// gets it as <see cref="AgentContext.Checkpoint"/>.
    /// </summary>
    public static SaveCheckpointUpdate SaveCheckpoint(ReadOnlyMemory<byte> data) => new(data);

    /// <summary>
    /// Saves a checkpoint and ends the run, because the agent waits for something: the task stays WORKING, and no instance runs. Another
    /// run continues from the checkpoint when the address of <see cref="AgentContext.CreateWebhook"/> is called, when the client sends a
    /// message, or when the time is over (by up to a minute and a half later, as the sweep finds it). A run during which something of that
    /// happened is followed by another one at once.
    /// </summary>
    /// <param name="data">The checkpoint: <see cref="AgentContext.Checkpoint"/> of the next run.</param>
    /// <param name="atMost">The longest time, up to a day and not beyond the client's deadline.</param>
    public static SleepUpdate Sleep(ReadOnlyMemory<byte> data, TimeSpan atMost) => new(data, atMost);

    /// <inheritdoc cref="SaveCheckpoint(ReadOnlyMemory{byte})"/>
    /// <param name="data">The checkpoint as text, stored in UTF-8.</param>
    public static SaveCheckpointUpdate SaveCheckpoint(string data) => new(Encoding.UTF8.GetBytes(data));
}
