using System.Runtime.CompilerServices;
using ServerlessA2A.Client.Streams;
using ServerlessA2A.Client.Transports;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Signatures;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Client;

/// <summary>A client of one agent, of any make: A2A 1.0 and 0.3, over JSON-RPC, HTTP+JSON and, with another package, gRPC.</summary>
/// <remarks>
/// Thread-safe; use one for as long as the program calls the agent. All methods throw <see cref="A2AClientException"/> where the agent
/// rejects a call, or does not answer after <see cref="A2AClientOptions.MaxAttempts"/> attempts.
/// </remarks>
public sealed class A2AClient : IDisposable
{
    private readonly Func<HttpClient> _http;
    private readonly HttpClient? _ownHttp;
    private readonly A2AClientOptions _options;
    private readonly Retries _retries;
    private readonly Uri? _address;
    private readonly SemaphoreSlim _turn = new(1);
    private volatile Connection? _connection;

    /// <summary>Creates a client of the agent at an address. The agent's card is read with the first call.</summary>
    /// <param name="agent">
    /// The agent's address: its card is looked for beside it and at the root of its host. Or the address of the card, which ends in .json.
    /// </param>
    /// <param name="options">How the agent is called.</param>
    /// <param name="http">Sends the requests; its own time limit must not end streams. Default: one of the client's own.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public A2AClient(Uri agent, A2AClientOptions? options = null, HttpClient? http = null)
        : this(options, http) => _address = agent;

    /// <summary>Creates a client of the agent that a card describes.</summary>
    /// <param name="card">The card, whose addresses are trusted with the credentials.</param>
    /// <param name="options">How the agent is called.</param>
    /// <param name="http">Sends the requests; its own time limit must not end streams. Default: one of the client's own.</param>
    /// <exception cref="A2AClientException">The client knows none of the card's addresses.</exception>
    /// <exception cref="ArgumentException">
    /// An option is out of range; or <see cref="A2AClientOptions.TrustedKeys"/> is set, since a card that was read has no signature any
    /// more: verify its JSON with <see cref="AgentCardSignatures"/>.
    /// </exception>
    public A2AClient(AgentCard card, A2AClientOptions? options = null, HttpClient? http = null)
        : this(options, http)
    {
        if (_options.TrustedKeys is not null)
        {
            throw new ArgumentException(
                $"{nameof(A2AClientOptions)}.{nameof(A2AClientOptions.TrustedKeys)} verifies a card that the client reads, not " +
                "one that it is given.", nameof(options));
        }

        _connection = Connection.To(card, null, _options, _http);
    }

    internal A2AClient(Uri agent, A2AClientOptions options, Func<HttpClient> http)
    {
        options.Validate();
        (_address, _options, _http, _retries) = (agent, options, http, new Retries(options));
    }

    private A2AClient(A2AClientOptions? options, HttpClient? http)
    {
        _options = options ?? new();
        _options.Validate();
        _retries = new(_options);
        _ownHttp = http is null ? new(NewHandler()) { Timeout = Timeout.InfiniteTimeSpan } : null;
        _http = () => http ?? _ownHttp!;
    }

    /// <summary>Reads the agent's card; once, then it is remembered.</summary>
    public async Task<AgentCard> GetCardAsync(CancellationToken cancellationToken = default) =>
        (await ConnectAsync(cancellationToken)).Card;

    /// <summary>The address of the card that is called.</summary>
    public async Task<AgentInterface> GetInterfaceAsync(CancellationToken cancellationToken = default) =>
        (await ConnectAsync(cancellationToken)).Interface;

    /// <summary>
    /// Reads the card that only authenticated callers get (A2A 1.0, section 3.1.11). Its signature is not verified: it comes from the
    /// address of the public card.
    /// </summary>
    public async Task<AgentCard> GetExtendedCardAsync(CancellationToken cancellationToken = default)
    {
        var connection = await ConnectAsync(cancellationToken);
        return await CallAsync(
            connection, Operations.GetExtendedCard, new GetExtendedAgentCardRequest { Tenant = connection.Interface.Tenant },
            cancellationToken);
    }

    /// <summary>Sends a text as a new message.</summary>
    /// <inheritdoc cref="SendAsync(SendMessageRequest, CancellationToken)"/>
    public Task<SendMessageResponse> SendAsync(string text, CancellationToken cancellationToken = default) =>
        SendAsync(Request(text), cancellationToken);

    /// <summary>
    /// Sends a message (A2A 1.0, section 3.1.1) and returns when the agent is done, or has a question; at once, where
    /// <see cref="SendMessageConfiguration.ReturnImmediately"/> is set. All attempts have the same <c>messageId</c>.
    /// </summary>
    public async Task<SendMessageResponse> SendAsync(SendMessageRequest request, CancellationToken cancellationToken = default)
    {
        var connection = await ConnectAsync(cancellationToken);
        var message = Complete(request, connection);
        return await _retries.RunAsync(
            token => connection.Transport.CallAsync(Operations.SendMessage, message, token),
            _retries.MayResend,
            cancellationToken);
    }

    /// <summary>Sends a text as a new message, and streams what follows.</summary>
    /// <inheritdoc cref="StreamAsync(SendMessageRequest, CancellationToken)"/>
    public IAsyncEnumerable<StreamResponse> StreamAsync(string text, CancellationToken cancellationToken = default) =>
        StreamAsync(Request(text), cancellationToken);

    /// <summary>
    /// Sends a message and streams what follows (A2A 1.0, section 3.1.2): the task, then each change of it, up to a terminal state or
    /// INPUT_REQUIRED; or one message. A broken connection is resumed. Where the agent cannot stream, the changes come from reading the
    /// task again and again.
    /// </summary>
    /// <remarks>
    /// No event of an agent that numbers them is lost or repeated. Of any other agent the artifacts are whole before the terminal status:
    /// one that was not comes once more, with <see cref="TaskArtifactUpdateEvent.Append"/> false.
    /// </remarks>
    public async IAsyncEnumerable<StreamResponse> StreamAsync(
        SendMessageRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var connection = await ConnectAsync(cancellationToken);
        var message = Complete(request, connection);
        await foreach (var item in new TaskFollower(connection, _options).SendAsync(message, cancellationToken))
            yield return item;
    }

    /// <summary>
    /// Streams a task (A2A 1.0, section 3.1.6): as it is, then each change of it, up to a terminal state. Questions do not end the stream.
    /// A broken connection is resumed.
    /// </summary>
    /// <inheritdoc cref="StreamAsync(SendMessageRequest, CancellationToken)" path="/remarks"/>
    public async IAsyncEnumerable<StreamResponse> SubscribeAsync(
        string taskId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var connection = await ConnectAsync(cancellationToken);
        var request = new SubscribeToTaskRequest { Id = taskId, Tenant = connection.Interface.Tenant };
        await foreach (var item in new TaskFollower(connection, _options).SubscribeAsync(request, cancellationToken))
            yield return item;
    }

    /// <summary>
    /// Waits until a task is in a terminal or interrupted state, and returns it: by its stream where the agent has one, else by reading it
    /// with growing delays of at most 30 s.
    /// </summary>
    public async Task<A2ATask> WaitAsync(string taskId, CancellationToken cancellationToken = default)
    {
        var task = await GetTaskAsync(taskId, cancellationToken: cancellationToken);
        if (task.Status.State.IsTerminalOrInterrupted()) return task;
        await foreach (var item in SubscribeAsync(taskId, cancellationToken))
        {
            if ((item.Task?.Status ?? item.StatusUpdate?.Status)?.State.IsTerminalOrInterrupted() == true) break;
        }

        return await GetTaskAsync(taskId, cancellationToken: cancellationToken);
    }

    /// <summary>Reads a task (A2A 1.0, section 3.1.3).</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="historyLength">The number of newest messages; null for all, 0 for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<A2ATask> GetTaskAsync(string taskId, int? historyLength = null, CancellationToken cancellationToken = default)
    {
        var connection = await ConnectAsync(cancellationToken);
        var request = new GetTaskRequest { Id = taskId, HistoryLength = historyLength, Tenant = connection.Interface.Tenant };
        return await CallAsync(connection, Operations.GetTask, request, cancellationToken);
    }

    /// <summary>Lists tasks, newest status first (A2A 1.0, section 3.1.4): all pages, each read when it is needed.</summary>
    /// <param name="filter">Which tasks. Default: all.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public async IAsyncEnumerable<A2ATask> ListTasksAsync(
        ListTasksRequest? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var connection = await ConnectAsync(cancellationToken);
        var request = filter ?? new();
        request = request with { Tenant = request.Tenant ?? connection.Interface.Tenant };
        do
        {
            var page = await CallAsync(connection, Operations.ListTasks, request, cancellationToken);
            foreach (var task in page.Tasks) yield return task;
            if (page.NextPageToken == request.PageToken) yield break;
            request = request with { PageToken = page.NextPageToken };
        }
        while (!string.IsNullOrEmpty(request.PageToken));
    }

    /// <summary>Cancels a task (A2A 1.0, section 3.1.5).</summary>
    public async Task<A2ATask> CancelTaskAsync(string taskId, CancellationToken cancellationToken = default)
    {
        var connection = await ConnectAsync(cancellationToken);
        var request = new CancelTaskRequest { Id = taskId, Tenant = connection.Interface.Tenant };
        var isRepeated = false;
        try
        {
            return await _retries.RunAsync(
                token => connection.Transport.CallAsync(Operations.CancelTask, request, token), _ => isRepeated = true, cancellationToken);
        }
        catch (A2AClientException exception) when (isRepeated && exception.Error == A2AError.TaskNotCancelable)
        {
            // An attempt whose answer was lost may have canceled it. 0.3 cancels no task twice.
            var task = await GetTaskAsync(taskId, cancellationToken: cancellationToken);
            if (task.Status.State == TaskState.Canceled) return task;
            throw;
        }
    }

    /// <summary>Creates a webhook for a task (A2A 1.0, section 3.1.7). An attempt after a lost answer replaces it: it has an id.</summary>
    public async Task<TaskPushNotificationConfig> CreateWebhookAsync(
        TaskPushNotificationConfig webhook, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(webhook.TaskId);
        var connection = await ConnectAsync(cancellationToken);
        var request = webhook with { Id = webhook.Id ?? _options.NewId(), Tenant = webhook.Tenant ?? connection.Interface.Tenant };
        return await CallAsync(connection, Operations.CreateWebhook, request, cancellationToken);
    }

    /// <summary>Reads a webhook of a task (A2A 1.0, section 3.1.8).</summary>
    public async Task<TaskPushNotificationConfig> GetWebhookAsync(string taskId, string id, CancellationToken cancellationToken = default)
    {
        var connection = await ConnectAsync(cancellationToken);
        var request = new GetTaskPushNotificationConfigRequest { TaskId = taskId, Id = id, Tenant = connection.Interface.Tenant };
        return await CallAsync(connection, Operations.GetWebhook, request, cancellationToken);
    }

    /// <summary>Lists the webhooks of a task (A2A 1.0, section 3.1.9): all pages, each read when it is needed.</summary>
    public async IAsyncEnumerable<TaskPushNotificationConfig> ListWebhooksAsync(
        string taskId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var connection = await ConnectAsync(cancellationToken);
        var request = new ListTaskPushNotificationConfigsRequest { TaskId = taskId, Tenant = connection.Interface.Tenant };
        do
        {
            var page = await CallAsync(connection, Operations.ListWebhooks, request, cancellationToken);
            foreach (var webhook in page.Configs ?? []) yield return webhook;
            if (page.NextPageToken == request.PageToken) yield break;
            request = request with { PageToken = page.NextPageToken };
        }
        while (!string.IsNullOrEmpty(request.PageToken));
    }

    /// <summary>Deletes a webhook of a task (A2A 1.0, section 3.1.10). Deleting one twice is no error.</summary>
    public async Task DeleteWebhookAsync(string taskId, string id, CancellationToken cancellationToken = default)
    {
        var connection = await ConnectAsync(cancellationToken);
        var request = new DeleteTaskPushNotificationConfigRequest { TaskId = taskId, Id = id, Tenant = connection.Interface.Tenant };
        await CallAsync(connection, Operations.DeleteWebhook, request, cancellationToken);
    }

    /// <summary>Closes the client's own connections, but not the <see cref="HttpClient"/> that it was given.</summary>
    public void Dispose()
    {
        _ownHttp?.Dispose();
        _turn.Dispose();
    }

    /// <summary>Connections for a client.</summary>
    internal static SocketsHttpHandler NewHandler() => new()
    {
        // Agents move: their names are resolved anew.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // A redirect could lead elsewhere, with the credentials.
        AllowAutoRedirect = false,
        // Detects dead connections of gRPC. Servers close connections with more pings than one in 5 min.
        KeepAlivePingDelay = TimeSpan.FromMinutes(6),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        // Otherwise a call waits while the server's limit of streams is reached, often 100.
        EnableMultipleHttp2Connections = true,
    };

    private static SendMessageRequest Request(string text) => new()
    {
        Message = new() { MessageId = "", Role = Role.User, Parts = [Part.FromText(text)] },
    };

    private SendMessageRequest Complete(SendMessageRequest request, Connection connection) => request with
    {
        Tenant = request.Tenant ?? connection.Interface.Tenant,
        Message = string.IsNullOrEmpty(request.Message.MessageId)
            ? request.Message with { MessageId = _options.NewId() } : request.Message,
    };

    /// <summary>All calls but sends have the same effect twice as once.</summary>
    private Task<TResult> CallAsync<TRequest, TResult>(
        Connection connection, Operation<TRequest, TResult> operation, TRequest request, CancellationToken cancellationToken) =>
        _retries.RunAsync(token => connection.Transport.CallAsync(operation, request, token), _ => true, cancellationToken);

    private async ValueTask<Connection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { } known) return known;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { } meanwhile) return meanwhile;
            var discovery = new Discovery(_http, _options);
            var (card, address) = await _retries.RunAsync(token => discovery.FindAsync(_address!, token), _ => true, cancellationToken);
            return _connection = Connection.To(card, address, _options, _http, _address);
        }
        finally
        {
            _turn.Release();
        }
    }
}
