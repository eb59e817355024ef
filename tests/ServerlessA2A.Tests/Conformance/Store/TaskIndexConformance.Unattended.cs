using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Store;

public abstract partial class TaskIndexConformance
{
    protected static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [SkippableFact]
    public async Task ATaskIsUnattendedFromItsLastEntryOnUnlessSomebodyHoldsIt()
    {
        var begin = Time.GetUtcNow();
        var waiting = await CreateAsync();
        var held = await AppendAsync(await CreateAsync(), Started("run"));
        var completed = await AppendAsync(await CreateAsync(), Status(TaskState.Completed));
        var handedOver = await AppendAsync(await CreateAsync(), Started("run"));
        Time.Advance(TimeSpan.FromSeconds(10));
        handedOver = await AppendAsync(handedOver, new CheckpointSaved { Data = new byte[] { 1 }, HandOver = true });
        TaskSnapshot[] tasks = [waiting, held, completed, handedOver];

        Assert.Equal([], await UnattendedAsync(begin - TimeSpan.FromTicks(1), tasks));
        Assert.Equal([new(waiting.Id, begin, begin)], await UnattendedAsync(begin, tasks));
        Assert.Equal(
            [new(waiting.Id, begin, begin), new(handedOver.Id, begin + TimeSpan.FromSeconds(10), begin)],
            await UnattendedAsync(begin + TimeSpan.FromSeconds(59), tasks));
        Assert.Equal(
            [waiting.Id, handedOver.Id, held.Id],
            (await UnattendedAsync(begin + TimeSpan.FromSeconds(60), tasks)).Select(task => task.TaskId));
    }

    [SkippableFact]
    public async Task ATaskThatSleepsIsUnattendedFromTheEndOfItsSleepOrFromWhenItIsWoken()
    {
        var until = Time.GetUtcNow() + (10 * Minute);
        var asleep = await AppendAsync(await CreateAsync(), Started("run"));
        asleep = await AppendAsync(asleep, new CheckpointSaved { Data = new byte[] { 1 }, HandOver = true, SleepUntil = until });
        Assert.Equal(until, (await Store.ReadAsync(null, asleep.Id, default))!.SleepUntil);
        Assert.Equal([], await UnattendedAsync(until - TimeSpan.FromMilliseconds(1), asleep));
        Assert.Equal([new(asleep.Id, until, asleep.StatusAt)], await UnattendedAsync(until, asleep));

        var woken = await AppendAsync(asleep, new Woken());

        Assert.Null((await Store.ReadAsync(null, woken.Id, default))!.SleepUntil);
        Assert.Equal([new(woken.Id, woken.ChangedAt, woken.StatusAt)], await UnattendedAsync(woken.ChangedAt, woken));
    }

    [SkippableFact]
    public async Task ARenewalMovesWhenATaskIsUnattended()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        var later = Time.GetUtcNow() + (10 * Minute);
        Assert.True(await Store.RenewLeaseAsync(task.Id, "run", later, default));
        Assert.Equal([], await UnattendedAsync(later - TimeSpan.FromMilliseconds(1), task));
        Assert.Equal([new(task.Id, later, task.StatusAt)], await UnattendedAsync(later, task));
    }

    [SkippableFact]
    public async Task AnUnattendedTaskIsListedWithItsTrace()
    {
        var made = NewTask();
        var task = await CreateAsync(made with { Snapshot = made.Snapshot with { TraceParent = Trace } });
        Assert.Equal(Trace, Assert.Single(await UnattendedAsync(Time.GetUtcNow(), task)).TraceParent);
        Assert.Equal(Trace, (await Store.ReadAsync(Owner, task.Id, default))!.TraceParent);

        // A run keeps it, and so does a message that is added meanwhile.
        task = await AppendAsync(task, Started("run"));
        task = await AppendOnlyAsync(task, Chunk("x", append: false));
        task = await AppendAsync(task, new MessageAdded { Message = task.Request with { MessageId = "m-2" } });
        var listed = Assert.Single(await UnattendedAsync(Time.GetUtcNow() + Minute, task));
        Assert.Equal(Trace, listed.TraceParent);
        Assert.True(await Store.PostponeAsync(listed, Time.GetUtcNow() + Hour, default));
        var page = await Store.ListAsync(new TaskQuery { Owner = Owner, PageSize = 2 }, default);
        Assert.Equal(Trace, Assert.Single(page.Tasks).TraceParent);

        // The next request has one of its own, or none.
        var entry = EntryAfter(task, new MessageReceived { Message = task.Request });
        await StoreAsync(task, entry, TaskFold.Apply(task, entry) with { TraceParent = null });
        Assert.Null(Assert.Single(await UnattendedAsync(Time.GetUtcNow() + Hour, task)).TraceParent);
        Assert.Null((await Store.ReadAsync(null, task.Id, default))!.TraceParent);
    }

    [SkippableFact]
    public async Task OfManyWhoPostponeAtOnceOneDoes()
    {
        var task = await CreateAsync();
        var later = Time.GetUtcNow() + (5 * Minute);
        var listed = Assert.Single(await UnattendedAsync(Time.GetUtcNow(), task));

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(async () => await Store.PostponeAsync(listed, later.AddMilliseconds(i), default))));

        Assert.Single(outcomes, isMine => isMine);
        var until = later.AddMilliseconds(Array.IndexOf(outcomes, true));
        Assert.Equal([], await UnattendedAsync(until - TimeSpan.FromMilliseconds(1), task));
        Assert.Equal([listed with { Since = until }], await UnattendedAsync(until, task));
        await AssertStoredAsync(task);
    }

    [SkippableFact]
    public async Task ATaskThatHasGoneOnIsNotPostponed()
    {
        var task = await CreateAsync();
        var listed = Assert.Single(await UnattendedAsync(Time.GetUtcNow(), task));
        Time.Advance(Minute);
        task = await AppendAsync(task, Started("run"));

        Assert.False(await Store.PostponeAsync(listed, Time.GetUtcNow() + Hour, default));

        Assert.Equal([new(task.Id, task.Lease!.Until, task.StatusAt)], await UnattendedAsync(task.Lease.Until, task));
        Assert.False(await Store.PostponeAsync(listed with { TaskId = TestEngine.NewId() }, Time.GetUtcNow(), default));
    }

    [SkippableFact]
    public async Task ATaskThatWasPostponedIsUnattendedAsEverWhenItHasGoneOn()
    {
        var task = await CreateAsync();
        await Store.PostponeAsync(Assert.Single(await UnattendedAsync(Time.GetUtcNow(), task)), Time.GetUtcNow() + Hour, default);
        task = await AppendAsync(task, Started("run"));
        Assert.Equal([new(task.Id, task.Lease!.Until, task.StatusAt)], await UnattendedAsync(task.Lease.Until, task));
    }

    [SkippableFact]
    public async Task TheLongestUnattendedComeFirstAndNoMoreThanAskedFor()
    {
        // Earlier than whatever other tests leave in a shared store.
        var old = new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero) +
            TimeSpan.FromMilliseconds(Random.Shared.NextInt64(1_000_000_000));
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var task = await CreateAsync();
            await AppendAsync(task, new RunStarted { Lease = new Lease("run", old.AddMilliseconds(i), 1), FromSubmitted = true });
            ids.Add(task.Id);
        }

        var listed = await Store.ListUnattendedAsync(old.AddMilliseconds(5), 1000, default);
        Assert.Equal(ids, listed.Select(task => task.TaskId).Where(ids.Contains));
        Assert.Single(await Store.ListUnattendedAsync(old.AddMilliseconds(5), 1, default));
    }

    [SkippableFact]
    public async Task ExpiredTasksHideNoOtherFromTheList()
    {
        var old = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero) +
            TimeSpan.FromMilliseconds(Random.Shared.NextInt64(1_000_000_000));
        for (var i = 0; i < 5; i++)
            await AppendAsync(
                await CreateAsync(retention: Hour),
                new RunStarted { Lease = new Lease("run", old.AddMilliseconds(i), 1), FromSubmitted = true });
        var alive = await AppendAsync(
            await CreateAsync(), new RunStarted { Lease = new Lease("run", old.AddMilliseconds(9), 1), FromSubmitted = true });
        Time.Advance(Hour);
        Assert.Equal(alive.Id, Assert.Single(await Store.ListUnattendedAsync(old.AddMilliseconds(9), 2, default)).TaskId);
    }

    [SkippableFact]
    public async Task AnExpiredTaskIsNotUnattended()
    {
        var task = await CreateAsync(retention: Hour);
        var listed = Assert.Single(await UnattendedAsync(Time.GetUtcNow(), task));
        Time.Advance(Hour);
        Assert.Equal([], await UnattendedAsync(Time.GetUtcNow(), task));
        Assert.False(await Store.PostponeAsync(listed, Time.GetUtcNow(), default));
    }

    protected async Task AssertStoredAsync(TaskSnapshot expected) =>
        Assert.Equal(Describe.Snapshot(expected), Describe.Snapshot(await Store.ReadAsync(null, expected.Id, default)));

    /// <summary>What is unattended, of a test's own tasks.</summary>
    protected async Task<IEnumerable<UnattendedTask>> UnattendedAsync(DateTimeOffset before, params TaskSnapshot[] tasks) =>
        (await Store.ListUnattendedAsync(before, 10_000, default)).Where(listed => tasks.Any(task => task.Id == listed.TaskId)).ToList();
}
