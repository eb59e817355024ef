using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Conformance.Webhooks;

public abstract partial class WebhookStoreConformance
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [SkippableFact]
    public async Task OnlyTasksWithWebhooksAreToBeTold()
    {
        var begin = Time.GetUtcNow();
        var none = await AppendAsync(await AppendAsync(await CreateAsync(), Started("run")), Status(TaskState.Completed));
        var made = await CreateWithAsync("a");
        var told = await AppendWithAsync(await CreateAsync(), "a", Status(TaskState.InputRequired));
        var put = await CreateAsync();
        await PutAsync(put, "a");
        var anothers = await CreateAsync(OtherOwner);
        await Webhooks.PutWebhookAsync(OtherOwner, Webhook(anothers.Id, "a"), null, default);
        TaskSnapshot[] tasks = [none, made, told, put, anothers];

        Assert.Empty(await UndeliveredAsync(begin - Millisecond, tasks));
        var expected = new UndeliveredTask[] { new(made.Id, begin, 1), new(told.Id, begin, 2), new(put.Id, begin, 1),
            new(anothers.Id, begin, 1) };
        Assert.Equal(expected.OrderBy(task => task.TaskId), (await UndeliveredAsync(begin, tasks)).OrderBy(task => task.TaskId));
    }

    [SkippableFact]
    public async Task ATaskToTellOfIsListedWithItsTrace()
    {
        var made = NewTask();
        var task = await CreateAsync(made with
        {
            Webhook = Webhook(made.Snapshot.Id, "a"),
            Snapshot = made.Snapshot with { WebhookIds = ["a"], TraceParent = Trace },
        });
        var listed = Assert.Single(await UndeliveredAsync(Time.GetUtcNow(), task));
        Assert.Equal(Trace, listed.TraceParent);
        Assert.True(await Webhooks.PostponeDeliveriesAsync(listed, null, default));
    }

    [SkippableFact]
    public async Task ATaskIsToBeToldOfSinceItsLastChangeOfStatusOrWebhook()
    {
        var task = await CreateWithAsync("a");
        Time.Advance(Minute);
        task = await AppendAsync(task, Started("run"));
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 2));

        // What comes without a snapshot costs one document; the change of status after it is what counts. Nor does a look change anything.
        var started = Time.GetUtcNow();
        Time.Advance(Minute);
        task = await AppendOnlyAsync(task, Chunk("x", append: false));
        await Store.ReadAsync(null, task.Id, default);
        await AssertUndeliveredAsync(new(task.Id, started, 2));

        Time.Advance(Minute);
        await PutAsync(task, "b");
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 2));
        Time.Advance(Minute);
        await AppendAsync(task, Status(TaskState.Completed));
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 4));
        Time.Advance(Minute);
        await PutAsync(task, "b");
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 4));
    }

    [SkippableFact]
    public async Task ATaskIsStillToBeToldOfWhoseWriterDoesNotKnowOfItsWebhook()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        await PutAsync(task, "a");
        var put = Time.GetUtcNow();
        Time.Advance(Minute);
        await AppendAsync(task, Status(TaskState.Completed));
        var listed = Assert.Single(await UndeliveredAsync(Time.GetUtcNow(), task));
        Assert.Equal(3, listed.Seq);
        Assert.InRange(listed.Since, put, Time.GetUtcNow());
    }

    [SkippableFact]
    public async Task TheLongestUntoldComeFirstAndNoMoreThanAskedFor()
    {
        // Earlier than whatever other tests leave in a shared store.
        var old = Old(2001);
        var ids = new List<string>();
        foreach (var later in new[] { 2, 0, 1 })
        {
            var task = await CreateWithAsync("a");
            await PostponeAsync(task, old.AddMilliseconds(later));
            ids.Add(task.Id);
        }

        string[] expected = [ids[1], ids[2], ids[0]];
        var listed = await Webhooks.ListUndeliveredAsync(old.AddMilliseconds(5), 1000, default);
        Assert.Equal(expected, listed.Select(task => task.TaskId).Where(ids.Contains));
        Assert.Single(await Webhooks.ListUndeliveredAsync(old.AddMilliseconds(5), 1, default));
        listed = await Webhooks.ListUndeliveredAsync(old.AddMilliseconds(1), 1000, default);
        Assert.Equal(expected[..2], listed.Select(task => task.TaskId).Where(ids.Contains));
    }

    [SkippableFact]
    public async Task ExpiredTasksHideNoOtherThatIsToBeTold()
    {
        var old = Old(2000);
        for (var i = 0; i < 5; i++)
            await PostponeAsync(await CreateWithAsync("a", Hour), old.AddMilliseconds(i));
        var alive = await CreateWithAsync("a");
        await PostponeAsync(alive, old.AddMilliseconds(9));
        Time.Advance(Hour);
        Assert.Equal(alive.Id, Assert.Single(await Webhooks.ListUndeliveredAsync(old.AddMilliseconds(9), 2, default)).TaskId);
    }

    [SkippableFact]
    public async Task OfManyWhoLookAfterATaskAtOnceOneDoes()
    {
        var task = await CreateWithAsync("a");
        var later = Time.GetUtcNow() + (5 * Minute);
        var listed = Assert.Single(await UndeliveredAsync(Time.GetUtcNow(), task));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            await Webhooks.PostponeDeliveriesAsync(listed, later.AddMilliseconds(i), default))));

        Assert.Single(outcomes, isMine => isMine);
        var until = later.AddMilliseconds(Array.IndexOf(outcomes, true));
        Assert.Empty(await UndeliveredAsync(until - Millisecond, task));
        Assert.Equal([listed with { Since = until }], await UndeliveredAsync(until, task));
        Assert.Equal(Describe.Snapshot(task), Describe.Snapshot(await Store.ReadAsync(null, task.Id, default)));
    }

    [SkippableFact]
    public async Task OfManyWhoLetATaskGoAtOnceOneDoes()
    {
        var task = await CreateWithAsync("a");
        var listed = Assert.Single(await UndeliveredAsync(Time.GetUtcNow(), task));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            await Webhooks.PostponeDeliveriesAsync(listed, null, default))));
        Assert.Single(outcomes, isMine => isMine);
        Assert.Empty(await UndeliveredAsync(DateTimeOffset.MaxValue, task));
    }

    [SkippableFact]
    public async Task WhatWasListedBeforeTheTaskWentOnIsVoid()
    {
        var task = await CreateWithAsync("a");
        var listed = Assert.Single(await UndeliveredAsync(Time.GetUtcNow(), task));
        // In the same millisecond.
        task = await AppendAsync(task, Started("run"));
        Assert.False(await Webhooks.PostponeDeliveriesAsync(listed, null, default));
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 2));

        listed = Assert.Single(await UndeliveredAsync(Time.GetUtcNow(), task));
        Time.Advance(Minute);
        await PutAsync(task, "b");
        Assert.False(await Webhooks.PostponeDeliveriesAsync(listed, Time.GetUtcNow() + Hour, default));
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 2));

        Assert.False(await Webhooks.PostponeDeliveriesAsync(listed with { TaskId = TestEngine.NewId() }, null, default));
        var never = await CreateAsync();
        Assert.False(await Webhooks.PostponeDeliveriesAsync(new(never.Id, Time.GetUtcNow(), 1), null, default));
    }

    [SkippableFact]
    public async Task WhatWasListedHoldsWhileOnlyArtifactsComeAndWebhooksAreTold()
    {
        var task = await AppendAsync(await CreateWithAsync("a"), Started("run"));
        var listed = Assert.Single(await UndeliveredAsync(Time.GetUtcNow(), task));
        await AppendOnlyAsync(task, Chunk("x", append: false));
        await Store.ReadAsync(null, task.Id, default);
        var delivery = await ReadAsync(task, "a");
        await UpdateAsync(delivery, delivery with { Delivered = 3 });
        Assert.True(await Webhooks.PostponeDeliveriesAsync(listed, null, default));
    }

    [SkippableFact]
    public async Task ATaskThatWasLetGoIsToBeToldOfAgainWithItsNextChange()
    {
        var task = await CreateWithAsync("a");
        await PostponeAsync(task, null);
        Time.Advance(Minute);
        Assert.Empty(await UndeliveredAsync(DateTimeOffset.MaxValue, task));

        task = await AppendAsync(task, Started("run"));
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 2));
        await PostponeAsync(task, null);
        task = await AppendOnlyAsync(task, Chunk("x", append: false));
        Assert.Empty(await UndeliveredAsync(DateTimeOffset.MaxValue, task));

        task = await AppendAsync(task, Status(TaskState.InputRequired));
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 4));
        await PostponeAsync(task, null);
        await AppendWithAsync(task, "b", new MessageReceived { Message = task.Request });
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 5));
    }

    [SkippableFact]
    public async Task ATaskThatWasLetGoIsToBeToldOfAgainWithItsNextWebhook()
    {
        var task = await AppendAsync(await CreateWithAsync("a"), Status(TaskState.Completed));
        await PostponeAsync(task, null);
        Time.Advance(Minute);
        await PutAsync(task, "b");
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 2));
    }

    [SkippableFact]
    public async Task ATaskThatWasPutOffIsToBeToldOfAsEverWhenItHasGoneOn()
    {
        var task = await CreateWithAsync("a");
        await PostponeAsync(task, Time.GetUtcNow() + Hour);
        Time.Advance(Minute);
        task = await AppendAsync(task, Started("run"));
        await AssertUndeliveredAsync(new(task.Id, Time.GetUtcNow(), 2));
    }

    [SkippableFact]
    public async Task ATaskWhoseWebhooksHaveAllEndedIsLetGoForGood()
    {
        var task = await CreateWithAsync("a");
        await Webhooks.DeleteWebhookAsync(Owner, task.Id, "a", default);
        // It may be listed once more, for somebody to see that nobody is to be told.
        foreach (var listed in await UndeliveredAsync(Time.GetUtcNow(), task))
            Assert.True(await Webhooks.PostponeDeliveriesAsync(listed, null, default));
        Assert.Empty(await UndeliveredAsync(DateTimeOffset.MaxValue, task));
        task = (await Store.ReadAsync(null, task.Id, default))!;
        await AppendAsync(task, Status(TaskState.Completed));
        Assert.Empty(await UndeliveredAsync(DateTimeOffset.MaxValue, task));
    }

    private static DateTimeOffset Old(int year) =>
        new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromMilliseconds(Random.Shared.NextInt64(1_000_000_000));

    private async Task PostponeAsync(TaskSnapshot task, DateTimeOffset? until) =>
        Assert.True(await Webhooks.PostponeDeliveriesAsync(Assert.Single(await UndeliveredAsync(Time.GetUtcNow(), task)), until, default));

    private async Task AssertUndeliveredAsync(UndeliveredTask expected)
    {
        var listed = await Webhooks.ListUndeliveredAsync(expected.Since, 10_000, default);
        Assert.Equal([expected], listed.Where(task => task.TaskId == expected.TaskId));
        listed = await Webhooks.ListUndeliveredAsync(expected.Since - Millisecond, 10_000, default);
        Assert.DoesNotContain(listed, task => task.TaskId == expected.TaskId);
    }

    /// <summary>What is to be told, of a test's own tasks.</summary>
    private async Task<IReadOnlyList<UndeliveredTask>> UndeliveredAsync(DateTimeOffset before, params TaskSnapshot[] tasks) =>
        [.. (await Webhooks.ListUndeliveredAsync(before, 10_000, default)).Where(listed => tasks.Any(task => task.Id == listed.TaskId))];
}
