using System.Text.Json;
using System.Threading.Channels;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Agents;

/// <summary>The input of a run: the task, the message to answer, and its sender.</summary>
public sealed record AgentContext
{
    private static readonly ChannelReader<Message> NoMessages = Completed();

    /// <summary>The name of the agent that runs; empty for the unnamed agent. Default: empty.</summary>
    public string AgentName { get; init; } = "";

    /// <summary>The task's id.</summary>
    public required string TaskId { get; init; }

    /// <summary>The conversation that the task belongs to.</summary>
    public required string ContextId { get; init; }

    /// <summary>
    /// The message to answer: the one that started the task, the answer to a question, or one that arrived during an earlier run.
    /// </summary>
    public required Message Message { get; init; }

    /// <summary>
    /// The messages of the task, oldest first, including <see cref="Message"/>, without those that <see cref="NewMessages"/> offers.
    /// </summary>
    public required IReadOnlyList<Message> History { get; init; }

    /// <summary>
    /// Whether <see cref="Message"/> continues a task: it answers a question, or arrived during an earlier run. False for the message that
    /// started the task.
    /// </summary>
    public bool IsContinuation => History.Count(message => message.Role == Role.User) > 1;

    /// <summary>
    /// Messages that the client sent while the task was SUBMITTED or WORKING: first those that arrived before this run, then those that
    /// arrive during it. Reading a message takes it. If another run continues from the last checkpoint, it is offered the messages taken
    /// since then again. If the agent completes without having taken a message, it runs again with that message as <see cref="Message"/>.
    /// Default: none.
    /// </summary>
    public ChannelReader<Message> NewMessages { get; init; } = NoMessages;

    /// <summary>The artifacts that earlier runs produced.</summary>
    public IReadOnlyList<Artifact> Artifacts { get; init; } = [];

    /// <summary>
    /// The sender of <see cref="Message"/>. All messages of a task have the same owner; a later one may have newer claims
    /// (<see cref="CallerOf"/>).
    /// </summary>
    public AgentCaller Caller { get; init; } = AgentCaller.Anonymous;

    /// <summary>
    /// Finds the sender of a message of <see cref="NewMessages"/>, for <see cref="CallerOf"/>; null for other messages. Default: finds
    /// none.
    /// </summary>
    public Func<Message, AgentCaller?> NewMessageCallers { get; init; } = _ => null;

    /// <summary>
    /// The ids of the skills that the sender of <see cref="Message"/> may use: those whose <c>RequiredScopes</c> the sender's token has,
    /// and only the one that the request names in its metadata (<c>serverlessa2a.skill</c>), if it names one. Default: none.
    /// </summary>
    public IReadOnlyList<string> AllowedSkills { get; init; } = [];

    /// <summary>The extensions that the card declares and that the request of <see cref="Message"/> activated. Default: none.</summary>
    public IReadOnlyList<ActiveExtension> Extensions { get; init; } = [];

    /// <summary>The media types that the client accepts; empty for any.</summary>
    public IReadOnlyList<string> AcceptedOutputModes { get; init; } = [];

    /// <summary>The metadata of the client's request: a JSON object.</summary>
    public JsonElement? RequestMetadata { get; init; }

    /// <summary>
    /// The time by which the client wants <see cref="Message"/> answered: <c>serverlessa2a.deadline</c> in the request's metadata, an RFC
    /// 3339 timestamp. A task that is not done by then fails. Null if the client set none.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>
    /// The client's access token, if <c>A2A:Security:ForwardAccessToken</c> forwards it, for calls on the client's behalf during the run.
    /// Null otherwise, and in a run that restarts after a crash. Never log it or send it to the client.
    /// </summary>
    public string? AccessToken { get; init; }

    /// <summary>The data of the last <see cref="SaveCheckpointUpdate"/>; null if there is none.</summary>
    public ReadOnlyMemory<byte>? Checkpoint { get; init; }

    /// <summary>The number of the attempt: 1 for the first run, more after a crash.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>
    /// Cancelled when the run's time is nearly over: the next checkpoint ends the run, and another run continues from it.
    /// </summary>
    public CancellationToken HandOverRequested { get; init; }

    /// <summary>The time that the run has left when <see cref="HandOverRequested"/> is cancelled.</summary>
    public TimeSpan TimeToHandOver { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads the earlier tasks for <see cref="ReadEarlierTasksAsync"/>, newest first. Default: no tasks.</summary>
    public Func<int, CancellationToken, ValueTask<IReadOnlyList<A2ATask>>> EarlierTasks { get; init; } = (_, _) => new([]);

    /// <summary>
    /// Reads earlier tasks of the same conversation and the same caller, newest first. Each call reads the store.
    /// </summary>
    /// <param name="count">The number of tasks, at most 100. Fewer are returned if they exceed 16 MiB together.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public ValueTask<IReadOnlyList<A2ATask>> ReadEarlierTasksAsync(int count, CancellationToken cancellationToken = default) =>
        EarlierTasks(count, cancellationToken);

    /// <summary>Reads the checkpoint for <see cref="ReadEarlierCheckpointAsync"/>. Default: none.</summary>
    public Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> EarlierCheckpoint { get; init; } =
        _ => new((ReadOnlyMemory<byte>?)null);

    /// <summary>
    /// Reads the last checkpoint of the newest completed task of the same conversation and the same caller, so that an agent continues what
    /// it has saved before it completed that task. Null for none. Each call reads the store.
    /// </summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    public ValueTask<ReadOnlyMemory<byte>?> ReadEarlierCheckpointAsync(CancellationToken cancellationToken = default) =>
        EarlierCheckpoint(cancellationToken);

    /// <summary>
    /// Creates a callback for <see cref="CreateCallback"/>: from what it is for, and how long it is valid. Default: throws.
    /// </summary>
    public Func<string, TimeSpan?, AgentCallback> Callbacks { get; init; } =
        (_, _) => throw new InvalidOperationException("This context has no callbacks: set AgentContext.Callbacks.");

    /// <summary>Reads the callback of a message, for <see cref="CallbackOf"/>. Default: none.</summary>
    public Func<Message, CallbackResult?> CallbackResults { get; init; } = _ => null;

    /// <summary>
    /// The callback that continued the task, if it was a callback and not a message of the client: <see cref="CallbackOf"/> of
    /// <see cref="Message"/>. Null otherwise.
    /// </summary>
    public CallbackResult? Callback => CallbackOf(Message);

    /// <summary>
    /// Creates an address to which a browser returns from an authorization, such as an OAuth consent page. Its first call continues the
    /// task as the message of a client does, sent by <see cref="Caller"/>; the agent reads it as <see cref="Callback"/>. Yield
    /// <see cref="AgentUpdate.RequireAuthorization(string)"/> with a link that contains the callback. Nothing is stored: a callback that
    /// is not used needs no cleanup.
    /// </summary>
    /// <param name="subject">
    /// What it is for, if the agent has several callbacks open: <see cref="CallbackResult.Subject"/> repeats it. At most 100 characters.
    /// The state shows it, so it must not be secret. Default: empty.
    /// </param>
    /// <param name="lifetime">How long it is valid, at most <c>A2A:Tasks:Retention</c>. Default: 1 hour.</param>
    /// <exception cref="InvalidOperationException">
    /// The agent's address is not configured, or there are no encryption keys to sign the state with.
    /// </exception>
    public AgentCallback CreateCallback(string subject = "", TimeSpan? lifetime = null) => Callbacks(subject, lifetime);

    /// <summary>Creates the address for <see cref="CreateWebhook"/>. Default: none.</summary>
    public Func<Uri?> Webhooks { get; init; } = () => null;

    /// <summary>
    /// Creates the address of a webhook for another agent whose task this one waits for. A call of it wakes the task, if it sleeps
    /// (<see cref="AgentUpdate.Sleep"/>), and says no more: read the other agent's task. Reports of progress do not wake it. The address
    /// is valid as long as the task. Null if callbacks have no address or no key (<see cref="CreateCallback"/>).
    /// </summary>
    public Uri? CreateWebhook() => Webhooks();

    /// <summary>
    /// The callback that a message of the task brought: one of <see cref="History"/> or <see cref="NewMessages"/>. Null for messages of
    /// the client.
    /// </summary>
    public CallbackResult? CallbackOf(Message message) => CallbackResults(message);

    /// <summary>
    /// The sender of a message that was read from <see cref="NewMessages"/>, with the claims of its own request; <see cref="Caller"/> for
    /// any other message.
    /// </summary>
    public AgentCaller CallerOf(Message message) => NewMessageCallers(message) ?? Caller;

    /// <summary>Whether the client accepts a media type, such as image/png.</summary>
    public bool Accepts(string mediaType) => AcceptedOutputModes.Count == 0 || new MediaTypes(AcceptedOutputModes).Contains(mediaType);

    /// <summary>The texts of <see cref="Message"/>, one per line.</summary>
    public string Text => Message.Parts is [{ Text: { } text }]
        ? text
        : string.Join('\n', Message.Parts.Where(part => part.Text is not null).Select(part => part.Text));

    private static ChannelReader<Message> Completed()
    {
        var none = Channel.CreateUnbounded<Message>();
        none.Writer.Complete();
        return none.Reader;
    }

    /// <summary>Only the id: the content is large and may include a token.</summary>
    public override string ToString() => $"task {TaskId}";
}
