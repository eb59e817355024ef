using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Store;

public abstract partial class TaskStoreConformance
{
    [SkippableFact]
    public async Task AWatchReplaysFromAnyNumber()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        task = await AppendOnlyAsync(task, Chunk("a", append: false));
        task = await AppendAsync(task, Chunk("b"), Status(TaskState.Completed));
        var all = await WatchToAsync(task.Id, 0, task.Seq);
        Assert.Equal([(1L, 1L), (2L, 2L), (3L, 3L), (4L, 5L)], all.Select(entry => (entry.First, entry.Last)));

        for (var after = 0; after < task.Seq; after++)
        {
            var rest = await WatchToAsync(task.Id, after, task.Seq);
            Assert.Equal(Describe.Entries(all.Where(entry => entry.Last > after)), Describe.Entries(rest));
        }
    }

    [SkippableFact]
    public async Task AnEntryThatBeginsBeforeTheNumberIsWatchedWhole()
    {
        var task = await AppendOnlyAsync(await CreateAsync(), Chunk("a", append: false), Chunk("b"), Chunk("c"));
        var entry = Assert.Single(await WatchToAsync(task.Id, 3, task.Seq));
        Assert.Equal((2, 4), (entry.First, entry.Last));
    }

    [SkippableFact]
    public async Task AWatchGoesOnWithWhatComes()
    {
        var task = await CreateAsync();
        using var limit = new CancellationTokenSource(Guard.Limit);
        await using var watch = Store.WatchAsync(task.Id, 0, limit.Token).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        foreach (var chunk in "abc")
        {
            var next = watch.MoveNextAsync();
            Assert.False(next.IsCompleted);
            task = await AppendOnlyAsync(task, Chunk(chunk.ToString()));
            Assert.True(await next);
            Assert.Equal(task.Seq, watch.Current.Last);
        }
    }

    [SkippableFact]
    public async Task AWatchFromBeyondTheEndWaitsForTheNumber()
    {
        var task = await CreateAsync();
        var watching = WatchToAsync(task.Id, 2, 3);
        task = await AppendOnlyAsync(task, Chunk("a", append: false));
        await AppendOnlyAsync(task, Chunk("b"));
        Assert.Equal(3, Assert.Single(await watching).First);
    }

    [SkippableFact]
    public async Task AllWatchersSeeTheSameInTheSameOrderWheneverTheyBegin()
    {
        var task = await CreateAsync();
        const int Last = 60;
        var watchers = new List<Task<List<LogEntry>>>();
        while (task.Seq < Last)
        {
            watchers.Add(Task.Run(() => WatchToAsync(task.Id, 0, Last)));
            task = await AppendOnlyAsync(
                task, [.. Enumerable.Range(0, Math.Min(1 + ((int)task.Seq % 3), Last - (int)task.Seq)).Select(index => Chunk($"{index}"))]);
        }

        var seen = await Task.WhenAll(watchers);

        Assert.Equal(
            Enumerable.Range(1, Last).Select(number => (long)number),
            seen[0].SelectMany(entry => Enumerable.Range(0, entry.Events.Count).Select(i => entry.First + i)));
        Assert.All(seen, entries => Assert.Equal(Describe.Entries(seen[0]), Describe.Entries(entries)));
    }

    [SkippableFact]
    public async Task ACancelledWatchEndsWithoutAnError()
    {
        var task = await CreateAsync();
        using var cancellation = new CancellationTokenSource();
        await using var watch = Store.WatchAsync(task.Id, 0, cancellation.Token).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        Assert.False(await next.WithinLimit("the watch ends"));
    }

    [SkippableFact]
    public async Task AWatchThatIsCancelledBeforeItBeginsEndsWithoutAnError()
    {
        var task = await CreateAsync();
        await using var watch = Store.WatchAsync(task.Id, 1, new CancellationToken(canceled: true)).GetAsyncEnumerator();
        Assert.False(await watch.MoveNextAsync().AsTask().WithinLimit("the watch ends"));
    }

    [SkippableFact]
    public async Task AWatchOfATaskThatIsNotThereEnds()
    {
        await using var watch = Store.WatchAsync(TestEngine.NewId(), 0, default).GetAsyncEnumerator();
        Assert.False(await watch.MoveNextAsync().AsTask().WithinLimit("the watch ends"));
    }

    [SkippableFact]
    public async Task AWatchEndsWhenItsTaskIsForgotten()
    {
        var task = await CreateAsync(retention: TimeSpan.FromMinutes(1));
        await using var watch = Store.WatchAsync(task.Id, 0, default).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();

        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await Store.ReadAsync(null, task.Id, default));

        Assert.False(await next.WithinLimit("the watch ends"));
    }

    [SkippableFact]
    public async Task AWatchThatIsLeftEarlyHoldsNothingUp()
    {
        var task = await CreateAsync();
        for (var i = 0; i < 20; i++)
            await WatchToAsync(task.Id, 0, 1);
        await AssertStoredAsync(await AppendAsync(task, Status(TaskState.Canceled)));
    }
}
