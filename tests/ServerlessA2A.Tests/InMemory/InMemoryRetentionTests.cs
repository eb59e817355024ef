using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Options;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.InMemory;

/// <summary>The in-memory store is bounded, whatever is done to it.</summary>
public class InMemoryRetentionTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryTaskStore _store;
    private readonly TestEngine _engine;

    public InMemoryRetentionTests()
    {
        _store = new InMemoryTaskStore(_time, Options.Create(new InMemoryOptions { MaxTasks = 1000 }));
        _engine = new TestEngine(_store, new RecordingQueue(), _time, new TaskOptions { Retention = TimeSpan.FromHours(1) });
    }

    [Fact]
    public async Task AHundredThousandTasksLeaveNoMoreThanTheBound()
    {
        for (var i = 0; i < 100_000; i++)
        {
            var task = await MakeAsync($"m{i}");
            await FinishAsync(task, TaskState.Completed);
            Assert.InRange(_store.Count, 1, 1000);
        }

        Assert.Equal(1000, _store.Count);
        AssertNothingHoldsMoreThan(1000);
        // The last ones are there, and of the first not even the claim.
        Assert.NotNull(await _store.CreateAsync(NewTask("m99999"), default));
        Assert.Null(await _store.CreateAsync(NewTask("m0"), default));
    }

    [Fact]
    public async Task TheBoundIsKeptWhenManyMakeTasksAtOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await FinishAsync(await MakeAsync($"{writer} {i}"), TaskState.Completed);
                Assert.InRange(_store.Count, 1, 1000);
            }
        })));
        AssertNothingHoldsMoreThan(1000);
    }

    [Fact]
    public async Task TheTaskThatEndedOrWaitsLongestIsForgottenFirstAndOneAtWorkNever()
    {
        var working = await MakeAsync("working");
        var asking = await FinishAsync(await MakeAsync("asking"), TaskState.InputRequired);
        var answered = await FinishAsync(await MakeAsync("answered"), TaskState.InputRequired);
        await FinishAsync(answered, TaskState.Working);
        for (var i = 0; i < 998; i++)
            await FinishAsync(await MakeAsync($"{i}"), TaskState.Completed);

        Assert.Null(await _store.ReadAsync(null, asking.Id, default));
        for (var i = 0; i < 2000; i++)
            await FinishAsync(await MakeAsync($"more {i}"), TaskState.Completed);
        Assert.NotNull(await _store.ReadAsync(null, working.Id, default));
        Assert.NotNull(await _store.ReadAsync(null, answered.Id, default));
    }

    [Fact]
    public async Task WhereAllTasksAreUnfinishedANewOneIsRefusedForNow()
    {
        var tasks = new List<TaskSnapshot>();
        for (var i = 0; i < 1000; i++)
            tasks.Add(await MakeAsync($"{i}"));

        var refusal = await Assert.ThrowsAsync<TaskStoreException>(async () => await _store.CreateAsync(NewTask("one more"), default));
        Assert.True(refusal.IsTransient);
        Assert.Contains("A2A:InMemory:MaxTasks", refusal.Message, StringComparison.Ordinal);
        // A repeated send makes no task.
        Assert.Equal(tasks[7].Id, (await _store.CreateAsync(NewTask("7"), default))?.TaskId);

        await FinishAsync(tasks[3], TaskState.Failed);
        await MakeAsync("one more");
        Assert.Null(await _store.ReadAsync(null, tasks[3].Id, default));
    }

    [Fact]
    public async Task UnfinishedTasksThatHaveExpiredMakeRoom()
    {
        for (var i = 0; i < 1000; i++)
            await MakeAsync($"{i}");
        _time.Advance(TimeSpan.FromHours(1));
        await MakeAsync("one more");
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public async Task ExpiredTasksMakeRoomBeforeTheBoundIsReached()
    {
        for (var i = 0; i < 10; i++)
            await FinishAsync(await MakeAsync($"{i}"), TaskState.Completed);
        _time.Advance(TimeSpan.FromHours(1));
        await MakeAsync("one more");
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void TheOptionsTellWhatIsWrongWithThem()
    {
        Assert.Empty(new InMemoryOptions().Validate());
        Assert.Equal(
            ["A2A:InMemory:MaxTasks (A2A__InMemory__MaxTasks) is 0: set at least 1."], new InMemoryOptions { MaxTasks = 0 }.Validate());
    }

    /// <summary>Whatever the store keeps beside its tasks (claims, an order) may not grow either.</summary>
    private void AssertNothingHoldsMoreThan(int bound)
    {
        var collections = typeof(InMemoryTaskStore).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Where(field => typeof(ICollection).IsAssignableFrom(field.FieldType))
            .ToList();
        Assert.NotEmpty(collections);
        Assert.All(collections, field => Assert.InRange(((ICollection)field.GetValue(_store)!).Count, 0, bound));
    }

    private NewTask NewTask(string messageId)
    {
        var message = TestEngine.Request("x", TestEngine.NewId(), messageId, contextId: "c").Message;
        var first = new LogEntry(1, _time.GetUtcNow(), [new MessageReceived { Message = message }]);
        return new NewTask
        {
            First = first,
            Snapshot = TaskFold.Begin("0::alice", _engine.Settings.Retention, first),
            ContentHash = "hash"
        };
    }

    private async Task<TaskSnapshot> MakeAsync(string messageId)
    {
        var task = NewTask(messageId);
        Assert.Null(await _store.CreateAsync(task, default));
        return task.Snapshot;
    }

    private async Task<TaskSnapshot> FinishAsync(TaskSnapshot task, TaskState state)
    {
        var entry = new LogEntry(task.Seq + 1, _time.GetUtcNow(), [new StatusChanged { State = state }]);
        var folded = TaskFold.Apply(task, entry);
        Assert.Equal(
            AppendOutcome.Appended, await _store.AppendAsync(new NewEntry { Task = task, Entry = entry, Snapshot = folded }, default));
        return folded;
    }
}
