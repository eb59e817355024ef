using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;
using static ServerlessA2A.GoogleCloud.Tests.Emulators.TcpProxy;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>A connection that breaks while a commit is under way leaves open whether it took effect; the store finds out.</summary>
[Collection(nameof(FirestoreTest))]
public sealed class LostAnswerTests : IAsyncLifetime, IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly string _project = TestProject.NewId();
    private FirestoreTaskStore _store = null!;
    private FirestoreTaskStore _direct = null!;
    private TcpProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _proxy = new TcpProxy(await SharedEmulator.Firestore.HostAsync());
        _direct = await TestStores.CreateAsync(_time, _project);
        _store = await TestStores.CreateAsync(_time, _project, _proxy.Host);
        // A connection that is up: what comes next is the call itself.
        await _store.ReadAsync(null, "nothing", default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _proxy?.Dispose();

    [SkippableTheory]
    [InlineData(Fate.RequestLost)]
    [InlineData(Fate.AnswerLost)]
    public async Task ATaskIsMadeOnceAndIsItsMakers(Fate fate)
    {
        var task = TestTasks.New();
        Suffer(fate);
        Assert.Null(await _store.CreateAsync(task, default));
        Assert.NotNull(await _direct.ReadAsync(null, task.Snapshot.Id, default));
        Assert.Equal(task.Snapshot.Id, (await _direct.CreateAsync(TestTasks.New(messageId: task.MessageId), default))?.TaskId);
    }

    [SkippableTheory]
    [InlineData(Fate.RequestLost)]
    [InlineData(Fate.AnswerLost)]
    public async Task ATaskWithoutAClaimIsMadeOnceAndIsItsMakers(Fate fate)
    {
        var task = TestTasks.New() with { ContentHash = null };
        Suffer(fate);
        Assert.Null(await _store.CreateAsync(task, default));
        Assert.NotNull(await _direct.ReadAsync(null, task.Snapshot.Id, default));
        Assert.Null(await _direct.FindClaimAsync(task.Snapshot.Owner, task.MessageId, default));
    }

    [SkippableTheory]
    [InlineData(Fate.RequestLost)]
    [InlineData(Fate.AnswerLost)]
    public async Task AnEntryIsAppendedOnceAndIsItsWriters(Fate fate)
    {
        var task = await MakeAsync();
        var working = TestTasks.With(task, TestTasks.Started());
        Suffer(fate);
        Assert.Equal(AppendOutcome.Appended, await _store.AppendAsync(working, default));
        Assert.Equal(AppendOutcome.Conflict, await _direct.AppendAsync(working, default));
        Assert.Equal(Describe.Snapshot(working.Snapshot), Describe.Snapshot(await _direct.ReadAsync(null, task.Id, default)));
    }

    [SkippableFact]
    public async Task AnothersEntryIsAConflictAlsoWhenTheAnswerIsLost()
    {
        var task = await MakeAsync();
        await _direct.AppendAsync(TestTasks.With(task, TestTasks.Started("another")), default);
        Suffer(Fate.AnswerLost);
        Assert.Equal(AppendOutcome.Conflict, await _store.AppendAsync(TestTasks.With(task, TestTasks.Started("mine")), default));
    }

    [SkippableFact]
    public async Task ARenewalHoldsThoughItsAnswerWasLost()
    {
        var working = TestTasks.With(await MakeAsync(), TestTasks.Started());
        await _direct.AppendAsync(working, default);
        // The read goes through, the commit's answer does not.
        Suffer(Fate.Arrives, Fate.AnswerLost);
        Assert.True(await _store.RenewLeaseAsync(working.TaskId, "run", TestTasks.Now.AddHours(1), default));
        Assert.Equal(TestTasks.Now.AddHours(1), (await _direct.ReadAsync(null, working.TaskId, default))!.Lease!.Until);
    }

    [SkippableTheory]
    [InlineData(Fate.RequestLost)]
    [InlineData(Fate.AnswerLost)]
    public async Task AStepOfADeliveryIsTakenOnceAndIsItsTakers(Fate fate)
    {
        var read = await MakeDeliveryAsync();
        Suffer(fate);
        var holding = read with { Holder = "me", DueAt = TestTasks.Now.AddSeconds(30), KeepUntil = TestTasks.Now.AddDays(30) };
        var held = await _store.UpdateDeliveryAsync(read, holding, default);
        Assert.NotNull(held);
        Assert.Equal(held, await _direct.ReadDeliveryAsync(read.Webhook.TaskId, "hook", default));
        // It is known well enough for the next step, and for the one that gives up the hold.
        Suffer(fate);
        var told = await _store.UpdateDeliveryAsync(held, held with { Delivered = 1 }, default);
        Assert.NotNull(told);
        Suffer(fate);
        Assert.NotNull(await _store.UpdateDeliveryAsync(told, told with { Holder = null, DueAt = null }, default));
        Assert.Null(await _direct.UpdateDeliveryAsync(read, read with { Holder = "other" }, default));
    }

    [SkippableFact]
    public async Task AnothersStepIsNotMineAlsoWhenTheAnswerIsLost()
    {
        var read = await MakeDeliveryAsync();
        var others = await _direct.UpdateDeliveryAsync(read, read with { Holder = "other" }, default);
        Suffer(Fate.AnswerLost);
        Assert.Null(await _store.UpdateDeliveryAsync(read, read with { Holder = "me" }, default));
        Assert.Equal(others, await _direct.ReadDeliveryAsync(read.Webhook.TaskId, "hook", default));
    }

    [SkippableFact]
    public async Task AStepOfAWebhookThatHasEndedIsRefusedAlsoWhenTheAnswerIsLost()
    {
        var read = await MakeDeliveryAsync();
        await _direct.DeleteWebhookAsync("0::alice", read.Webhook.TaskId, "hook", default);
        Suffer(Fate.AnswerLost);
        Assert.Null(await _store.UpdateDeliveryAsync(read, read with { Holder = "me" }, default));
    }

    [SkippableFact]
    public async Task AWebhookThatWasReplacedIsNotMistakenForOnesOwnStep()
    {
        var read = await MakeDeliveryAsync();
        var other = read.Webhook with { Config = read.Webhook.Config with { Url = "https://other.example" } };
        Assert.True(await _direct.PutWebhookAsync("0::alice", other, null, default));
        // Just what a webhook says that begins.
        Assert.Null(await _store.UpdateDeliveryAsync(read, read with { Delivered = null }, default));
    }

    [SkippableTheory]
    [InlineData(Fate.RequestLost)]
    [InlineData(Fate.AnswerLost)]
    public async Task AWebhookIsMadeThoughTheFirstTryIsLost(Fate fate)
    {
        var task = await MakeAsync();
        Suffer(Fate.Arrives, fate);
        Assert.True(await _store.PutWebhookAsync("0::alice", Webhook(task.Id), null, default));
        Assert.Equal(["hook"], await _direct.ListWebhookIdsAsync(task.Id, default));
        Suffer(Fate.Arrives, fate);
        Assert.True(await _store.DeleteWebhookAsync("0::alice", task.Id, "hook", default));
        Assert.Equal([], await _direct.ListWebhookIdsAsync(task.Id, default));
        Assert.Null(await _direct.ReadDeliveryAsync(task.Id, "hook", default));
    }

    [SkippableTheory]
    [InlineData(Fate.RequestLost)]
    [InlineData(Fate.AnswerLost)]
    public async Task AWebhookThatIsTheLastOneAllowedIsMadeThoughTheFirstTryIsLost(Fate fate)
    {
        var task = await MakeAsync();
        var seen = new List<int>();
        Suffer(Fate.Arrives, fate);
        Assert.True(await _store.PutWebhookAsync("0::alice", Webhook(task.Id), Check, default));
        Assert.Equal(["hook"], await _direct.ListWebhookIdsAsync(task.Id, default));
        // Where the commit has taken effect, its second try finds the task changed, and the webhook there.
        Assert.Equal(fate == Fate.AnswerLost ? [0, 1] : [0], seen);

        void Check(IReadOnlyList<string> ids)
        {
            seen.Add(ids.Count);
            Assert.True(ids.Count == 0 || ids.Contains("hook"));
        }
    }

    [SkippableFact]
    public async Task AStoreThatCantBeReachedIsATransientFaultThatNamesTheTask()
    {
        var task = await MakeAsync();
        var delivery = new DeliveryState { Webhook = Webhook(task.Id), Revision = "0" };
        _proxy.IsRefusing = true;
        _proxy.Drop();
        var unreachable = await TestStores.CreateAsync(_time, _project, _proxy.Host, TimeSpan.FromSeconds(2));
        foreach (var call in new Func<Task>[]
        {
            async () => await unreachable.ReadAsync(null, task.Id, default),
            async () => await unreachable.AppendAsync(TestTasks.With(task, TestTasks.Completed), default),
            async () => await unreachable.RenewLeaseAsync(task.Id, "run", TestTasks.Now, default),
            async () => await unreachable.ListWebhooksAsync("0::alice", task.Id, default),
            async () => await unreachable.ListWebhookIdsAsync(task.Id, default),
            async () => await unreachable.ReadDeliveryAsync(task.Id, "hook", default),
            async () => await unreachable.UpdateDeliveryAsync(delivery, delivery with { Holder = "me" }, default),
            async () => await unreachable.ReadEventsAsync(task.Id, 0, default),
            async () => await unreachable.PostponeDeliveriesAsync(new(task.Id, TestTasks.Now, 1), null, default),
        })
        {
            var fault = await Assert.ThrowsAsync<TaskStoreException>(call);
            Assert.True(fault.IsTransient);
            Assert.Contains(task.Id, fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(Describe.Snapshot(task), Describe.Snapshot(await _direct.ReadAsync(null, task.Id, default)));
    }

    [SkippableFact]
    public async Task AListThatFailsLeavesNoFaultBehindThatNobodyHasSeen()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        var unseen = new ConcurrentQueue<string>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs args) => unseen.Enqueue($"{args.Exception}");
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await ListInVainAsync($"{hanging.LocalEndpoint}");
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.DoesNotContain(unseen, fault => fault.Contains("count tasks", StringComparison.Ordinal));
    }

    /// <summary>On its own, so that nothing of it is held when it is over.</summary>
    private async Task ListInVainAsync(string host)
    {
        var store = await TestStores.CreateAsync(_time, _project, host, TimeSpan.FromMilliseconds(100));
        var fault = await Assert.ThrowsAsync<TaskStoreException>(
            async () => await store.ListAsync(new TaskQuery { Owner = "0::alice", PageSize = 10 }, default));
        Assert.Contains("list tasks", fault.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(Fate.RequestLost)]
    [InlineData(Fate.AnswerLost)]
    public async Task APostponedTaskIsItsSweepsThoughTheFirstTryIsLost(Fate fate)
    {
        var task = TestTasks.New();
        Assert.Null(await _direct.CreateAsync(task with { Webhook = Webhook(task.Snapshot.Id) }, default));
        var until = TestTasks.Now.AddHours(1);
        var unattended = Assert.Single(
            await _direct.ListUnattendedAsync(DateTimeOffset.MaxValue, 1000, default), each => each.TaskId == task.Snapshot.Id);
        var undelivered = Assert.Single(
            await _direct.ListUndeliveredAsync(DateTimeOffset.MaxValue, 1000, default), each => each.TaskId == task.Snapshot.Id);

        Suffer(Fate.Arrives, fate);
        Assert.True(await _store.PostponeAsync(unattended, until, default));
        Suffer(Fate.Arrives, fate);
        Assert.True(await _store.PostponeDeliveriesAsync(undelivered, until, default));

        Assert.False(await _direct.PostponeAsync(unattended, until, default));
        Assert.False(await _direct.PostponeDeliveriesAsync(undelivered, until, default));
    }

    private async Task<TaskSnapshot> MakeAsync()
    {
        var task = TestTasks.New();
        Assert.Null(await _direct.CreateAsync(task, default));
        return task.Snapshot;
    }

    private async Task<DeliveryState> MakeDeliveryAsync()
    {
        var task = TestTasks.New();
        Assert.Null(await _direct.CreateAsync(task with { Webhook = Webhook(task.Snapshot.Id) }, default));
        return (await _direct.ReadDeliveryAsync(task.Snapshot.Id, "hook", default))!;
    }

    private static Webhook Webhook(string taskId) =>
        new(taskId, "hook", new TaskPushNotificationConfig { Id = "hook", TaskId = taskId, Url = "https://client.example" },
            ProtocolVersion.V1_0);

    /// <summary>What becomes of the next pieces; all later ones arrive.</summary>
    private void Suffer(params Fate[] fates)
    {
        var next = new Queue<Fate>(fates);
        _proxy.NextFate = () =>
        {
            lock (next)
                return next.TryDequeue(out var fate) ? fate : Fate.Arrives;
        };
    }
}
