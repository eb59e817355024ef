using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Conformance.Store;

/// <summary>
/// What the suites of stores have in common: tasks, made as the engine makes them. Owners and ids are each test's own, so that tests may
/// share a store's server. Nothing here sleeps: the clock is the test's, and what is to come is awaited by the store's own watch.
/// </summary>
public abstract class StoreSuite : IAsyncLifetime
{
    protected static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>A trace.</summary>
    protected const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    protected ManualTimeProvider Time { get; } = new();

    protected ITaskStore Store { get; private set; } = null!;

    protected IWebhookStore Webhooks => (IWebhookStore)Store;

    protected string Owner { get; } = "0::alice-" + TestEngine.NewId();

    protected string OtherOwner { get; } = "0::bob-" + TestEngine.NewId();

    /// <summary>A store of the kind, empty or shared with other tests.</summary>
    protected abstract Task<ITaskStore> CreateStoreAsync(TimeProvider time);

    public virtual async Task InitializeAsync() => Store = await CreateStoreAsync(Time);

    public virtual Task DisposeAsync() => Task.CompletedTask;

    protected NewTask NewTask(
        string? owner = null, string? messageId = null, string? contextId = null, TimeSpan? retention = null, string? id = null)
    {
        var message = new Message
        {
            MessageId = messageId ?? TestEngine.NewId(),
            TaskId = id ?? TestEngine.NewId(),
            ContextId = contextId ?? TestEngine.NewId(),
            Role = Role.User,
            Parts = [Part.FromText("hello")],
        };
        var first = new LogEntry(1, Time.GetUtcNow(), [new MessageReceived { Message = message }]);
        return new NewTask
        {
            First = first,
            Snapshot = TaskFold.Begin(owner ?? Owner, retention ?? Retention, first),
            ContentHash = "hash"
        };
    }

    /// <summary>Makes a task and answers its snapshot.</summary>
    protected async Task<TaskSnapshot> CreateAsync(NewTask task)
    {
        Assert.Null(await Store.CreateAsync(task, default));
        return task.Snapshot;
    }

    protected Task<TaskSnapshot> CreateAsync(
        string? owner = null, string? contextId = null, TimeSpan? retention = null, string? id = null) =>
        CreateAsync(NewTask(owner, contextId: contextId, retention: retention, id: id));

    private protected LogEntry EntryAfter(TaskSnapshot task, params TaskEvent[] events) => new(task.Seq + 1, Time.GetUtcNow(), events);

    /// <summary>Appends with the snapshot, as each change of status is appended, and answers the state after it.</summary>
    private protected async Task<TaskSnapshot> AppendAsync(TaskSnapshot task, params TaskEvent[] events)
    {
        var entry = EntryAfter(task, events);
        var folded = TaskFold.Apply(task, entry);
        Assert.Equal(AppendOutcome.Appended, await StoreAsync(task, entry, folded));
        return folded;
    }

    /// <summary>Appends without the snapshot, as artifacts are appended, and answers the state after it.</summary>
    private protected async Task<TaskSnapshot> AppendOnlyAsync(TaskSnapshot task, params TaskEvent[] events)
    {
        var entry = EntryAfter(task, events);
        Assert.Equal(AppendOutcome.Appended, await StoreAsync(task, entry));
        return TaskFold.Apply(task, entry);
    }

    protected ValueTask<AppendOutcome> StoreAsync(TaskSnapshot task, LogEntry entry, TaskSnapshot? snapshot = null) =>
        Store.AppendAsync(new NewEntry { Task = task, Entry = entry, Snapshot = snapshot }, default);

    private protected RunStarted Started(string runId, int attempt = 1, bool fromSubmitted = true) =>
        new() { Lease = new Lease(runId, Time.GetUtcNow() + TimeSpan.FromSeconds(60), attempt), FromSubmitted = fromSubmitted };

    private protected static StatusChanged Status(TaskState state) => new() { State = state };

    private protected static ArtifactUpdated Chunk(string text, bool append = true) =>
        new() { Artifact = new Artifact { ArtifactId = "a", Parts = [Part.FromText(text)] }, Append = append };

    protected static Webhook Webhook(string taskId, string id, string url = "https://client.example/hook") => new(
        taskId,
        id,
        new TaskPushNotificationConfig
        {
            Id = id,
            TaskId = taskId,
            Url = url,
            Token = "secret",
            Authentication = new AuthenticationInfo { Scheme = "Bearer", Credentials = "credentials" },
        },
        ProtocolVersion.V0_3);
}
