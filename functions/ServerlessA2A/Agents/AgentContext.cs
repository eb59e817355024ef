using System.Text.Json;
using System.Threading.Channels;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Agents;

/// <summary>What an agent is given: the task that it works on, the message to answer, and who sent it.</summary>
public sealed record AgentContext
{
    private static readonly ChannelReader<Message> NoMessages = Completed();

    /// <summary>The name of the agent that runs; empty for the one without a name. Default: empty.</summary>
    public string AgentName { get; init; } = "";

    /// <summary>The task's id.</summary>
    public required string TaskId { get; init; }

    /// <summary>The conversation that the task belongs to.</summary>
    public required string ContextId { get; init; }

    /// <summary>
    /// The message to answer: the one that began the task, the answer to a question, or one that came while an earlier run was at work.
    /// </summary>
    public required Message Message { get; init; }

    /// <summary>
    /// The messages of the task, oldest first, <see cref="Message"/> among them; without those that <see cref="NewMessages"/> offers.
    /// </summary>
    public required IReadOnlyList<Message> History { get; init; }

    /// <summary>
    /// Whether <see cref="Message"/> goes on with a task: it answers a question, or came while an earlier run was at work. False for the
    /// message that began the task.
    /// </summary>
    public bool IsContinuation => History.Count(message => message.Role == Role.User) > 1;

    /// <summary>
    /// Messages that the client has sent while the task was SUBMITTED or WORKING: first those that have waited for this run, then those that
    /// arrive during it. Reading a message takes it. A message taken after the last checkpoint is offered again when another run goes on
    /// from there. When the agent completes without having taken a message, it is run again with that message as <see cref="Message"/>.
    /// Default: none.
    /// </summary>
    public ChannelReader<Message> NewMessages { get; init; } = NoMessages;

    /// <summary>The artifacts that earlier runs have made.</summary>
    public IReadOnlyList<Artifact> Artifacts { get; init; } = [];

    /// <summary>Who sent <see cref="Message"/>. All callers of a task are the same owner; a later message may come with newer claims.</summary>
    public AgentCaller Caller { get; init; } = AgentCaller.Anonymous;

    /// <summary>The extensions that the card declares and the request of <see cref="Message"/> activated. Default: none.</summary>
    public IReadOnlyList<ActiveExtension> Extensions { get; init; } = [];

    /// <summary>The media types that the client can take; empty for any.</summary>
    public IReadOnlyList<string> AcceptedOutputModes { get; init; } = [];

    /// <summary>The metadata of the client's request: a JSON object.</summary>
    public JsonElement? RequestMetadata { get; init; }

    /// <summary>
    /// The access token that the client has come with, where <c>A2A:Security:ForwardAccessToken</c> hands it on: for calls in the client's name, for the length
    /// of the run. Null otherwise, and in a run that begins again after a crash. Never to be logged or said.
    /// </summary>
    public string? AccessToken { get; init; }

    /// <summary>What the last <see cref="SaveCheckpointUpdate"/> held; null at the beginning.</summary>
    public ReadOnlyMemory<byte>? Checkpoint { get; init; }

    /// <summary>1 for the first run, more after a crash.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Cancelled when the run's time is nearly over: the next checkpoint ends the run, and another one goes on from there.</summary>
    public CancellationToken HandOverRequested { get; init; }

    /// <summary>How long the run may still take when <see cref="HandOverRequested"/> is cancelled.</summary>
    public TimeSpan TimeToHandOver { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What <see cref="ReadEarlierTasksAsync"/> reads: the count and the cancellation, newest first. Default: no tasks.</summary>
    public Func<int, CancellationToken, ValueTask<IReadOnlyList<A2ATask>>> EarlierTasks { get; init; } = (_, _) => new([]);

    /// <summary>
    /// Reads earlier tasks of the same conversation and the same caller, newest first. Each call reads the store.
    /// </summary>
    /// <param name="count">How many, 100 at most; fewer come where they hold more than 16 MiB together.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public ValueTask<IReadOnlyList<A2ATask>> ReadEarlierTasksAsync(int count, CancellationToken cancellationToken = default) =>
        EarlierTasks(count, cancellationToken);

    /// <summary>Whether the client can take a media type, such as image/png.</summary>
    public bool Accepts(string mediaType) => AcceptedOutputModes.Count == 0 || new MediaTypes(AcceptedOutputModes).Contains(mediaType);

    /// <summary>The texts of <see cref="Message"/>, one line each.</summary>
    public string Text => string.Join('\n', Message.Parts.Where(part => part.Text is not null).Select(part => part.Text));

    private static ChannelReader<Message> Completed()
    {
        var none = Channel.CreateUnbounded<Message>();
        none.Writer.Complete();
        return none.Reader;
    }

    /// <summary>Without what is in it: it is much, and there may be a token.</summary>
    public override string ToString() => $"task {TaskId}";
}
