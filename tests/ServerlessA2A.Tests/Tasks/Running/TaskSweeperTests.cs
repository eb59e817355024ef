using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>How a sweep goes through what it finds. What comes of it on every store is in the conformance suite.</summary>
public class TaskSweeperTests : TaskEngineTests
{
    [Fact]
    public async Task ASweepGoesThroughSoManyPagesAndTheNextOneThroughTheRest()
    {
        const int Most = TaskSweeper.PageSize * TaskSweeper.MaxPages;
        await SendAsync(Most + 5);

        Assert.Equal(Most, await Engine.Sweeper.SweepAsync(default));
        Assert.Equal(5, await Engine.Sweeper.SweepAsync(default));
        Assert.Equal(0, await Engine.Sweeper.SweepAsync(default));

        Assert.Equal(Most + 5, Queue.Published.Distinct().Count());
        Assert.Equal(Most + 5, Queue.Published.Count);
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

        // The one that was put off already waits for its time; the others are the next sweep's.
        Assert.Equal(2, await Engine.Sweeper.SweepAsync(default));
        Assert.Equal(ids[1..], Queue.Published);
        Time.Advance(TimeSpan.FromMinutes(1) + Engine.Settings.SweepDelay);
        Assert.Equal(3, await Engine.Sweeper.SweepAsync(default));
        Assert.Contains(ids[0], Queue.Published);
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
        for (var i = 0; i < TaskSweeper.PageSize; i++)
            await Engine.SendAsync("hello");
        Queue.Published.Clear();
        Assert.Equal(TaskSweeper.PageSize, await Engine.Sweeper.SweepAsync(default));
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
}
