using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Store;

/// <summary>
/// What every store promises about its indexes: lists, counts and unattended tasks. Suites of their own, because a store may spread its
/// indexes in several ways and passes these with each of them, and the rest of <see cref="TaskStoreConformance"/> with one.
/// </summary>
public abstract partial class TaskIndexConformance : StoreSuite
{
    [SkippableFact]
    public async Task AListBeginsWithTheNewestStatus()
    {
        var tasks = new List<TaskSnapshot>();
        for (var i = 0; i < 4; i++)
        {
            tasks.Add(await CreateAsync());
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        tasks[1] = await AppendAsync(tasks[1], Status(TaskState.Canceled));

        Assert.Equal([tasks[1].Id, tasks[3].Id, tasks[2].Id, tasks[0].Id], await ListIdsAsync(Query()));
    }

    [SkippableFact]
    public async Task TasksOfOneMomentAreListedByTheirIdsBackwardsAndOrdinal()
    {
        var run = TestEngine.NewId();
        foreach (var id in new[] { "b", "B", "a1", "a", "ä", "_" })
            await CreateAsync(id: run + id);
        Assert.Equal([run + "ä", run + "b", run + "a1", run + "a", run + "_", run + "B"], await ListIdsAsync(Query()));
    }

    [SkippableFact]
    public async Task AListedTaskIsWholeUpToItsLastChangeOfStatus()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        task = await AppendAsync(task, Chunk("a", append: false), Status(TaskState.Completed));
        Assert.Equal(Describe.Snapshot(task), Describe.Snapshot(Assert.Single((await Store.ListAsync(Query(), default)).Tasks)));
    }

    [SkippableFact]
    public async Task AListHoldsNobodyElsesTasksAndDoesNotCountThem()
    {
        var mine = await CreateAsync();
        await CreateAsync(OtherOwner);
        await CreateAsync(OtherOwner);
        var page = await Store.ListAsync(Query(), default);
        Assert.Equal(mine.Id, Assert.Single(page.Tasks).Id);
        Assert.Equal((1, null), (page.TotalSize, page.Next));
    }

    [SkippableFact]
    public async Task UnfinishedTasksAreCountedUpToALimitAndForTheirOwnerOnly()
    {
        var ended = await AppendAsync(await CreateAsync(), Started("run"));
        await AppendAsync(ended, Status(TaskState.Completed));
        var waiting = await AppendAsync(await CreateAsync(), Started("run"));
        await AppendAsync(waiting, Status(TaskState.InputRequired));
        await AppendAsync(await CreateAsync(), Started("run"));
        await CreateAsync();
        await CreateAsync(OtherOwner);
        await CreateAsync(retention: TimeSpan.FromMinutes(1));

        Assert.Equal(4, await Store.CountUnfinishedAsync(Owner, 100, default));
        Assert.Equal(2, await Store.CountUnfinishedAsync(Owner, 2, default));
        Assert.Equal(1, await Store.CountUnfinishedAsync(OtherOwner, 100, default));
        Assert.True(await Store.CountUnfinishedAsync(owner: null, 1000, default) >= 5);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, await Store.CountUnfinishedAsync(Owner, 100, default));
    }

    [SkippableFact]
    public async Task NothingIsCountedWhereNobodyAsks()
    {
        await CreateAsync();
        var page = await Store.ListAsync(Query() with { IsCounted = false }, default);
        Assert.Equal((1, 0), (page.Tasks.Count, page.TotalSize));
    }

    [SkippableFact]
    public async Task AListOfNothingIsEmpty()
    {
        var page = await Store.ListAsync(Query(), default);
        Assert.Equal((0, 0, null), (page.Tasks.Count, page.TotalSize, page.Next));
    }

    [SkippableFact]
    public async Task AListIsFilteredByContextAndStateTogether()
    {
        var there = await CreateAsync(contextId: "c");
        await CreateAsync(contextId: "C");
        var done = await AppendAsync(await CreateAsync(contextId: "c"), Status(TaskState.Completed));
        await AppendAsync(await CreateAsync(), Status(TaskState.Completed));

        Assert.Equal(
            new[] { there.Id, done.Id }.OrderDescending(StringComparer.Ordinal), await ListIdsAsync(Query() with { ContextId = "c" }));
        Assert.Equal([done.Id], await ListIdsAsync(Query() with { ContextId = "c", State = TaskState.Completed }));
        Assert.Equal(2, (await Store.ListAsync(Query() with { State = TaskState.Completed }, default)).TotalSize);
        Assert.Equal([], await ListIdsAsync(Query() with { State = TaskState.Failed }));
        Assert.Equal([], await ListIdsAsync(Query() with { ContextId = "" }));
    }

    [SkippableFact]
    public async Task AListSinceAMomentIncludesThatMoment()
    {
        await CreateAsync();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var at = await CreateAsync(contextId: "c");
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var after = await CreateAsync();

        Assert.Equal([after.Id, at.Id], await ListIdsAsync(Query() with { StatusSince = at.StatusAt }));
        Assert.Equal([after.Id], await ListIdsAsync(Query() with { StatusSince = at.StatusAt.AddTicks(1) }));
        Assert.Equal([at.Id], await ListIdsAsync(Query() with { StatusSince = at.StatusAt, ContextId = "c", State = TaskState.Submitted }));
        Assert.Equal(2, (await Store.ListAsync(Query() with { StatusSince = at.StatusAt, PageSize = 1 }, default)).TotalSize);
    }

    [SkippableFact]
    public async Task AListSinceTheLastMomentThereIsIsEmptyAndSinceTheFirstIsWhole()
    {
        var task = await CreateAsync();
        var page = await Store.ListAsync(Query() with { StatusSince = DateTimeOffset.MaxValue }, default);
        Assert.Equal((0, 0, null), (page.Tasks.Count, page.TotalSize, page.Next));
        Assert.Equal([task.Id], await ListIdsAsync(Query() with { StatusSince = DateTimeOffset.MinValue }));
    }

    [SkippableTheory]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("__a__")]
    public async Task ATokenWithAnIdThatNoTaskHasIsRefusedLikeAnyOtherThatWasNotGivenOut(string taskId)
    {
        var call = TestEngine.Call();
        var lifecycle = new TestEngine(Store, new RecordingQueue(), Time).Lifecycle;
        // A token's check is no secret.
        var forged = PageToken.Write(
            Query() with { Owner = call.Caller.Owner }, new TaskCursor(Time.GetUtcNow(), Time.GetUtcNow(), taskId));
        var refusal = await Assert.ThrowsAsync<A2AException>(
            () => lifecycle.ListAsync(call, new ListTasksRequest { PageToken = forged }, default));
        Assert.Equal((A2AError.InvalidParams, "pageToken"), (refusal.Error, refusal.FieldViolations[0].Field));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task PagesHoldEachTaskOnceInTheOrderOfTheList(int pageSize)
    {
        for (var i = 0; i < 7; i++)
        {
            await CreateAsync();
            // Several tasks to a moment: a page may end between them.
            if (i % 3 == 2)
                Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var ids = new List<string>();
        var query = Query() with { PageSize = pageSize };
        var pages = 0;
        for (TaskPage? page = null; page is null || page.Next is not null; pages++)
        {
            page = await Store.ListAsync(query with { After = page?.Next }, default);
            Assert.Equal(7, page.TotalSize);
            Assert.InRange(page.Tasks.Count, 1, pageSize);
            ids.AddRange(page.Tasks.Select(task => task.Id));
        }

        Assert.Equal((7 + pageSize - 1) / pageSize, pages);
        Assert.Equal(await ListIdsAsync(Query()), ids);
    }

    [SkippableTheory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(69)]
    [InlineData(70)]
    [InlineData(100)]
    public async Task PagesOfManyTasksHoldEachOnceToo(int pageSize)
    {
        for (var i = 0; i < 70; i++)
        {
            await CreateAsync();
            if (i % 3 == 2)
                Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var pages = await PagesAsync(Query() with { PageSize = pageSize });

        Assert.All(pages, page => Assert.Equal(70, page.TotalSize));
        Assert.All(pages.SkipLast(1), page => Assert.Equal(pageSize, page.Tasks.Count));
        Assert.Equal((70 + pageSize - 1) / pageSize, pages.Count);
        var tasks = pages.SelectMany(page => page.Tasks).ToList();
        Assert.Equal(70, tasks.Select(task => task.Id).Distinct().Count());
        Assert.Equal(tasks.OrderByDescending(task => task.StatusAt).ThenByDescending(task => task.Id, StringComparer.Ordinal), tasks);
    }

    /// <summary>Tasks of 15, 15, 9, 35, 5, 25 and 15 bytes, the newest first; a message has 5, and a letter of an artifact 2.</summary>
    [SkippableTheory]
    [InlineData(1, 100, "1 1 1 1 1 1 1")]
    [InlineData(29, 100, "1 2 1 1 1 1")]
    [InlineData(30, 100, "2 1 1 2 1")]
    [InlineData(38, 100, "2 1 1 2 1")]
    [InlineData(39, 100, "3 1 2 1")]
    [InlineData(40, 100, "3 2 2")]
    [InlineData(40, 2, "2 1 2 2")]
    [InlineData(118, 100, "6 1")]
    [InlineData(119, 100, "7")]
    [InlineData(119, 3, "3 3 1")]
    public async Task APageEndsBeforeTheTaskThatWouldBeTooMuchAndHoldsOneInAnyCase(long maxSize, int pageSize, string counts)
    {
        foreach (var letters in new[] { 5, 10, 0, 15, 2, 5, 5 })
        {
            var task = await AppendAsync(await CreateAsync(), Started("run"));
            await AppendAsync(task, Chunk(new string('ä', letters), append: false), Status(TaskState.Completed));
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var pages = await PagesAsync(Query() with { PageSize = pageSize, MaxSize = maxSize });

        Assert.Equal(counts, string.Join(' ', pages.Select(page => page.Tasks.Count)));
        Assert.All(pages, page => Assert.True(page.Tasks.Count == 1 || page.Tasks.Sum(task => task.Size) <= maxSize));
        Assert.All(pages, page => Assert.Equal(7, page.TotalSize));
        Assert.Equal(await ListIdsAsync(Query()), pages.SelectMany(page => page.Tasks).Select(task => task.Id));
    }

    [SkippableFact]
    public async Task WhileOthersChangeWhatDoesNotIsPagedExactlyOnceAndNothingTwice()
    {
        var tasks = new List<TaskSnapshot>();
        for (var i = 0; i < 12; i++)
        {
            tasks.Add(await CreateAsync());
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var ids = new List<string>();
        TaskCursor? next = null;
        for (var pages = 0; pages == 0 || next is not null; pages++)
        {
            var page = await Store.ListAsync(Query() with { PageSize = 3, After = next }, default);
            ids.AddRange(page.Tasks.Select(task => task.Id));
            next = page.Next;
            // One that was listed, the very one that the cursor names among them, and one that was not: both move to the front.
            if (pages == 0)
                tasks[9] = await AppendAsync(tasks[9], Status(TaskState.Canceled));
            if (pages == 1)
                tasks[0] = await AppendAsync(tasks[0], Status(TaskState.Canceled));
            await CreateAsync();
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(tasks.Skip(1).Select(task => task.Id).Reverse(), ids);
    }

    protected async Task<List<TaskPage>> PagesAsync(TaskQuery query)
    {
        var pages = new List<TaskPage> { await Store.ListAsync(query, default) };
        while (pages[^1].Next is { } next)
            pages.Add(await Store.ListAsync(query with { After = next }, default));
        return pages;
    }

    protected TaskQuery Query() => new() { Owner = Owner, PageSize = 100 };

    protected async Task<IEnumerable<string>> ListIdsAsync(TaskQuery query) =>
        (await Store.ListAsync(query, default)).Tasks.Select(task => task.Id).ToList();
}
