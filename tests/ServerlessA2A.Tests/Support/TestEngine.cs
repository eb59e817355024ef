using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;
using ServerlessA2A.Webhooks.Configuration;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Tests.Support;

/// <summary>
/// One instance of the engine, as the functions put it together. Two of them on one store are two instances in the cloud: they share
/// nothing else.
/// </summary>
public sealed class TestEngine
{
    private readonly IdSource _newId;
    private readonly HostedAgents _agents;
    private readonly RunRequests _requests;
    private readonly TaskLogs _logs;
    private readonly RunTurns _turns;

    internal TestEngine(
        ITaskStore store, ITaskQueue queue, TimeProvider time, TaskOptions? options = null, AgentCardOptions? card = null,
        IdSource? newId = null,
        WebhookOptions? webhooks = null, LimitOptions? limits = null, SecurityOptions? security = null, IReadOnlyList<string>? names = null)
    {
        (Store, Queue, Time, _newId) = (store, queue, time, newId ?? NewId);
        Settings = options ?? new TaskOptions();
        Cards = new AgentCards(Options.Create(card ?? new AgentCardOptions { PushNotifications = true }));
        _agents = new HostedAgents(
            [.. (names ?? [""])
            .Select(name => new HostedAgent(name, Cards, () => throw new InvalidOperationException("no agent was given")))]);
        Webhooks = webhooks ?? new WebhookOptions();
        Deliveries = new RecordingDeliveryQueue();
        var secrets = new Secrets(Options.Create(security ?? new SecurityOptions()));
        Secrets = new WebhookSecrets(secrets);
        AccessTokens = new AccessTokens(secrets, Logs.LoggerFor<AccessTokens>());
        var taskLimits = new TaskLimits(store, time, Options.Create(limits ?? new LimitOptions { UnfinishedTasks = 0 }));
        var requests = new DeliveryRequests(Deliveries, Logs.LoggerFor<DeliveryRequests>());
        var guard = new AddressGuard(Options.Create(Webhooks), new AnyHostAddresses());
        var acceptance = new WebhookAcceptance(_agents, guard, Secrets, _newId, Logs.LoggerFor<WebhookAcceptance>());
        WebhookRegistry = new WebhookRegistry(WebhookStore, requests, acceptance, Secrets, taskLimits, Logs.LoggerFor<WebhookRegistry>());
        TaskWebhooks = new TaskWebhooks(acceptance, WebhookStore, requests, _agents);
        _requests = new RunRequests(queue, AccessTokens, time);
        _turns = new RunTurns(store, _requests, time, Options.Create(limits ?? new LimitOptions()), Logs.LoggerFor<RunTurns>());
        _logs = new TaskLogs(store, TaskWebhooks, time, Options.Create(Settings), Logs.LoggerFor<TaskLogs>());
        var duplicates = new DuplicateDetection(Options.Create(Settings));
        var continuation = new TaskContinuation(
            _logs, _requests, TaskWebhooks, taskLimits, duplicates, Logs.LoggerFor<TaskContinuation>());
        var single = new SingleProcess(() => "http://localhost:8080");
        CallbackStates = new CallbackStates(
            Options.Create(security ?? new SecurityOptions()), Options.Create(Settings), time, _newId, single);
        Callbacks = new TaskCallbacks(CallbackStates, single);
        CallbackReception = new CallbackReception(CallbackStates, store, continuation, _logs, _requests);
        Lifecycle = new TaskLifecycle(
            store,
            _logs,
            new TaskCreation(_logs, _requests, _agents, TaskWebhooks, taskLimits, duplicates, _newId),
            continuation,
            _requests,
            _agents,
            taskLimits,
            Logs.LoggerFor<TaskLifecycle>());
    }

    public ITaskStore Store { get; }

    public IWebhookStore WebhookStore => (IWebhookStore)Store;

    public ITaskQueue Queue { get; }

    public TimeProvider Time { get; }

    public TaskOptions Settings { get; }

    internal AgentCards Cards { get; }

    internal WebhookRegistry WebhookRegistry { get; }

    internal IWebhooks TaskWebhooks { get; }

    /// <summary>What webhooks were asked to be told.</summary>
    public RecordingDeliveryQueue Deliveries { get; }

    internal WebhookSecrets Secrets { get; }

    /// <summary>Which webhooks there may be: any that are on the internet, by name.</summary>
    public WebhookOptions Webhooks { get; }

    internal AccessTokens AccessTokens { get; }

    internal TaskLifecycle Lifecycle { get; }

    internal CallbackStates CallbackStates { get; }

    internal TaskCallbacks Callbacks { get; }

    internal CallbackReception CallbackReception { get; }

    public TaskSweeper Sweeper => new(Store, Queue, Time, Options.Create(Settings), Logs.LoggerFor<TaskSweeper>());

    public CollectedLogs Logs { get; } = new();

    /// <summary>An engine on an in-memory store and queue of its own.</summary>
    public static TestEngine InMemory(
        ManualTimeProvider? time = null, TaskOptions? options = null, AgentCardOptions? card = null, InMemoryOptions? bounds = null,
        WebhookOptions? webhooks = null, LimitOptions? limits = null, SecurityOptions? security = null)
    {
        var clock = time ?? new ManualTimeProvider();
        var store = new InMemoryTaskStore(clock, Options.Create(bounds ?? new InMemoryOptions()));
        return new TestEngine(store, new InMemoryTaskQueue(), clock, options, card, webhooks: webhooks, limits: limits, security: security);
    }

    internal static CallContext Call(
        string name = "alice", ProtocolVersion version = ProtocolVersion.V1_0, CancellationToken timeUp = default) =>
        new() { Caller = new Caller("", name), Version = version, TimeUp = timeUp };

    /// <summary>A call of alice's to an agent that has a name.</summary>
    internal static CallContext CallOf(string agent) => new() { Caller = new Caller("", "alice") { Agent = agent } };

    internal static SendMessageRequest Request(
        string text, string? taskId = null, string? messageId = null, SendMessageConfiguration? configuration = null,
        string? contextId = null) => new()
        {
            Message = new Message
            {
                MessageId = messageId ?? NewId(),
                TaskId = taskId,
                ContextId = contextId,
                Role = Role.User,
                Parts = [Part.FromText(text)],
            },
            Configuration = configuration ?? new SendMessageConfiguration { ReturnImmediately = true },
        };

    public static string NewId() => Guid.NewGuid().ToString();

    /// <summary>A runner whose agents are all this one.</summary>
    public TaskRunner RunnerOf(IAgent agent) => RunnerOf(() => agent);

    /// <summary>A runner whose agents are all made like this.</summary>
    public TaskRunner RunnerOf(Func<IAgent> make) =>
        RunnerOf((IReadOnlyList<HostedAgent>)[.. _agents.All.Select(each => new HostedAgent(each.Name, Cards, make))]);

    /// <summary>A runner of these agents.</summary>
    public TaskRunner RunnerOf(params (string Name, IAgent Agent)[] agents) =>
        RunnerOf((IReadOnlyList<HostedAgent>)[.. agents.Select(each => new HostedAgent(each.Name, Cards, () => each.Agent))]);

    private TaskRunner RunnerOf(IReadOnlyList<HostedAgent> agents) => new(
        new TaskLeases(_logs, new HostedAgents(agents), Time, _newId, Options.Create(Settings), Logs.LoggerFor<TaskLeases>()),
        _requests, _turns, Store, Callbacks, Time, _newId, Options.Create(Settings), Logs.LoggerFor<TaskRunner>());

    /// <summary>Sends without waiting, as alice.</summary>
    public Task<A2ATask> SendAsync(string text, string? taskId = null, string? messageId = null) =>
        Lifecycle.SendTaskAsync(Call(), Request(text, taskId, messageId), CancellationToken.None);

    /// <summary>A delivery of the task's run request.</summary>
    public Task RunAsync(IAgent agent, string taskId, CancellationToken cancellationToken = default) =>
        RunnerOf(agent).RunAsync(new RunRequest(taskId), cancellationToken);

    /// <summary>A new task, run by the agent to its end.</summary>
    public async Task<TaskSnapshot> RunNewAsync(IAgent agent, string text = "hello")
    {
        var task = await SendAsync(text);
        await RunAsync(agent, task.Id).WithinLimit("the run ends");
        return await ReadAsync(task.Id);
    }

    public async Task<TaskSnapshot> ReadAsync(string taskId) => (await Store.ReadAsync(null, taskId, CancellationToken.None))!;

    /// <summary>All events of the log, up to what the store holds now.</summary>
    internal async Task<IReadOnlyList<TaskEvent>> EventsAsync(string taskId)
    {
        var seq = (await ReadAsync(taskId)).Seq;
        return [.. (await Store.WatchUntilAsync(taskId, 0, entry => entry.Last >= seq)).SelectMany(entry => entry.Events)];
    }

    /// <summary>Waits until the log holds such an event.</summary>
    internal Task WaitForAsync(string taskId, Func<TaskEvent, bool> isIt) =>
        Store.WatchUntilAsync(taskId, 0, entry => entry.Events.Any(isIt));
}
