using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance;

/// <summary>
/// What every store promises (<see cref="ITaskStore"/>). An adapter is done when a class that derives from this one, in a line, is green.
/// Owners and ids are each test's own, so that tests may share a store's server. Nothing here sleeps: the clock is the test's, and what is
/// to come is awaited by the store's own watch.
/// </summary>
public abstract partial class TaskStoreConformance : IAsyncLifetime
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    protected ManualTimeProvider Time { get; } = new();

    protected ITaskStore Store { get; private set; } = null!;

    private string Owner { get; } = "0::alice-" + TestEngine.NewId();

    private string OtherOwner { get; } = "0::bob-" + TestEngine.NewId();

    /// <summary>A store of the kind, empty or shared with other tests.</summary>
    protected abstract Task<ITaskStore> CreateStoreAsync(TimeProvider time);

    public virtual async Task InitializeAsync() => Store = await CreateStoreAsync(Time);

    public virtual Task DisposeAsync() => Task.CompletedTask;

    private NewTask NewTask(string? owner = null, string? messageId = null, string? contextId = null, TimeSpan? retention = null, string? id = null)
    {
        var message = new Message
        {
            MessageId = messageId ?? TestEngine.NewId(),
            TaskId = id ?? TestEngine.NewId(),
            ContextId = contextId ?? TestEngine.NewId(),
            Role = Role.User,
            Parts = [new Part { Text = "hello" }],
        };
        var first = new LogEntry(1, Time.GetUtcNow(), [new MessageReceived { Message = message }]);
        return new NewTask { First = first, Snapshot = TaskFold.Begin(owner ?? Owner, retention ?? Retention, first) };
    }

    /// <summary>Makes a task and answers its snapshot.</summary>
    private async Task<TaskSnapshot> CreateAsync(NewTask task)
    {
        Assert.Null(await Store.CreateAsync(task, default));
        return task.Snapshot;
    }

    private Task<TaskSnapshot> CreateAsync(string? owner = null, string? contextId = null, TimeSpan? retention = null, string? id = null) =>
        CreateAsync(NewTask(owner, contextId: contextId, retention: retention, id: id));

    private LogEntry EntryAfter(TaskSnapshot task, params TaskEvent[] events) => new(task.Seq + 1, Time.GetUtcNow(), events);

    /// <summary>Appends with the snapshot, as each change of status is appended, and answers the state after it.</summary>
    private async Task<TaskSnapshot> AppendAsync(TaskSnapshot task, params TaskEvent[] events)
    {
        var entry = EntryAfter(task, events);
        var folded = TaskFold.Apply(task, entry);
        Assert.Equal(AppendOutcome.Appended, await StoreAsync(task, entry, folded));
        return folded;
    }

    /// <summary>Appends without the snapshot, as artifacts are appended, and answers the state after it.</summary>
    private async Task<TaskSnapshot> AppendOnlyAsync(TaskSnapshot task, params TaskEvent[] events)
    {
        var entry = EntryAfter(task, events);
        Assert.Equal(AppendOutcome.Appended, await StoreAsync(task, entry));
        return TaskFold.Apply(task, entry);
    }

    private ValueTask<AppendOutcome> StoreAsync(TaskSnapshot task, LogEntry entry, TaskSnapshot? snapshot = null) =>
        Store.AppendAsync(new NewEntry { Task = task, Entry = entry, Snapshot = snapshot }, default);

    private Task<List<LogEntry>> WatchToAsync(string taskId, long after, long last) =>
        Store.WatchUntilAsync(taskId, after, entry => entry.Last >= last);

    private async Task AssertStoredAsync(TaskSnapshot expected) =>
        Assert.Equal(Describe.Snapshot(expected), Describe.Snapshot(await Store.ReadAsync(null, expected.Id, default)));

    private RunStarted Started(string runId, int attempt = 1, bool fromSubmitted = true) =>
        new() { Lease = new Lease(runId, Time.GetUtcNow() + TimeSpan.FromSeconds(60), attempt), FromSubmitted = fromSubmitted };

    private static StatusChanged Status(TaskState state) => new() { State = state };

    private static ArtifactUpdated Chunk(string text, bool append = true) =>
        new() { Artifact = new Artifact { ArtifactId = "a", Parts = [new Part { Text = text }] }, Append = append };

    private static PushConfig Webhook(string taskId, string id, string url = "https://client.example/hook") => new(
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

    private static JsonElement Json(string json) => JsonElement.Parse(json);
}
