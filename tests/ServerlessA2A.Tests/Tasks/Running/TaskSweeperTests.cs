using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>How a sweep goes through what it finds. What comes of it on every store is in the conformance suite.</summary>
public class TaskSweeperTests : TaskEngineTests
{
    [Fact]
    public async Task ASweepGoesThroughAllPages()
    {
        const int Count = (2 * SweepPages.Size) + 5;
        await SendAsync(Count);

        Assert.Equal(Count, await Engine.Sweeper.SweepAsync(default));
        Assert.Equal(0, await Engine.Sweeper.SweepAsync(default));

        Assert.Equal(Count, Queue.Published.Distinct().Count());
        Assert.Equal(Count, Queue.Published.Count);
    }

    [Fact]
    public async Task ASweepWhoseTimeIsUpBeginsNoFurtherPageAndTheNextOneContinues()
    {
        await SendAsync(SweepPages.Size + 5);
        var slow = new TestEngine(new SlowStore(Store, Time), Queue, Time).Sweeper;
        Assert.Equal(SweepPages.Size, await slow.SweepAsync(default));
        Assert.Equal(5, await Engine.Sweeper.SweepAsync(default));
    }

    [Fact]
    public async Task SoManyTasksAreSweptAtOnce()
    {
        await SendAsync(SweepPages.AtOnce + 5);
        var store = new HoldingStore(Store);
        var sweep = new TestEngine(store, Queue, Time).Sweeper.SweepAsync(default);
        Assert.Equal(SweepPages.AtOnce, store.Held);
        store.Release.SetResult();
        Assert.Equal(SweepPages.AtOnce + 5, await sweep.WithinLimit("the sweep ends"));
    }

    [Fact]
    public async Task AFullPageThatAnotherSweepIsAtEndsTheSweep()
    {
        await SendAsync(SweepPages.Size);
        Assert.Equal(0, await new TestEngine(new LosingStore(Store), Queue, Time).Sweeper.SweepAsync(default));
    }

    [Fact]
    public async Task TheLongestUnattendedIsAskedForFirst()
    {
        var ids = await SendAsync(3);
        await Engine.Sweeper.SweepAsync(default);
        Assert.Equal(ids, Queue.Published);
    }

    [Fact]
    public async Task WhereTheQueueFailsTheSweepFailsAndNoTaskIsForgotten()
    {
        var ids = await SendAsync(3);
        Queue.Fails = true;
        await Assert.ThrowsAsync<TaskStoreException>(() => Engine.Sweeper.SweepAsync(default));
        Queue.Fails = false;

        // Those that were put off already wait for their time.
        Assert.Equal(0, await Engine.Sweeper.SweepAsync(default));
        Time.Advance(TimeSpan.FromMinutes(1) + Engine.Settings.SweepDelay);
        Assert.Equal(3, await Engine.Sweeper.SweepAsync(default));
        Assert.Equal(ids.Order(), Queue.Published.Order());
    }

    [Fact]
    public async Task ATaskThatCantBeReadKeepsNoOtherWaiting()
    {
        var ids = await SendAsync(3);
        var sweeper = new TestEngine(new DamagedStore(Store, ids[0]), Queue, Time).Sweeper;
        Assert.Equal(2, await sweeper.SweepAsync(default));
        Assert.Equal(ids[1..], Queue.Published);
    }

    [Fact]
    public async Task AFullPageOfTasksThatWereMadeJustNowIsAskedForOnce()
    {
        Engine = EngineWith(new TaskOptions { SweepDelay = TimeSpan.Zero });
        for (var i = 0; i < SweepPages.Size; i++)
            await Engine.SendAsync("hello");
        Queue.Published.Clear();
        Assert.Equal(SweepPages.Size, await Engine.Sweeper.SweepAsync(default));
    }

    [Fact]
    public async Task WhatIsSweptIsToldInTheLog()
    {
        var ids = await SendAsync(2);
        await Engine.Sweeper.SweepAsync(default);
        var told = Engine.Logs.AtLeast(Microsoft.Extensions.Logging.LogLevel.Warning);
        Assert.Equal(2, told.Count);
        Assert.All(ids.Zip(told), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASweepThatIsCancelledEnds()
    {
        await SendAsync(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine.Sweeper.SweepAsync(new CancellationToken(canceled: true)));
        Assert.Empty(Queue.Published);
    }

    /// <summary>
    /// So many tasks, each a millisecond younger than the one before, whose requests were lost; and the time passes until they are swept.
    /// </summary>
    private async Task<List<string>> SendAsync(int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Add((await Engine.SendAsync("hello")).Id);
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Queue.Published.Clear();
        Time.Advance(Engine.Settings.SweepDelay);
        return ids;
    }

    private sealed class DamagedStore(ITaskStore inner, string damaged) : DelegatingTaskStore(inner)
    {
        public override ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken) =>
            task.TaskId == damaged ? throw new TaskStoreException("It can't be read.", isTransient: false)
                : base.PostponeAsync(task, until, cancellationToken);
    }

    /// <summary>Holds what is to be put off until it is released.</summary>
    private sealed class HoldingStore(ITaskStore inner) : DelegatingTaskStore(inner)
    {
        public TaskCompletionSource Release { get; } = new();

        public int Held { get; private set; }

        public override async ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken)
        {
            Held++;
            await Release.Task;
            return await base.PostponeAsync(task, until, cancellationToken);
        }
    }

    /// <summary>Each list takes all the time that a sweep has.</summary>
    private sealed class SlowStore(ITaskStore inner, ManualTimeProvider time) : DelegatingTaskStore(inner)
    {
        public override async ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(
            DateTimeOffset before, int count, CancellationToken cancellationToken)
        {
            var tasks = await base.ListUnattendedAsync(before, count, cancellationToken);
            time.Advance(SweepPages.TimeLimit);
            return tasks;
        }
    }

    /// <summary>Each task is another sweep's.</summary>
    private sealed class LosingStore(ITaskStore inner) : DelegatingTaskStore(inner)
    {
        public override ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken) =>
            ValueTask.FromResult(false);
    }
}
