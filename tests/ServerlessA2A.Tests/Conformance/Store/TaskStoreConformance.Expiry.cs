using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Store;

public abstract partial class TaskStoreConformance
{
    [SkippableFact]
    public async Task AnExpiredTaskIsNotFoundByAnything()
    {
        var task = await AppendAsync(await CreateAsync(retention: Hour), Started("run"));
        await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "a"), null, default);
        Time.Advance(Hour - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await Store.ReadAsync(Owner, task.Id, default));
        Assert.Equal([task.Id], await ListIdsAsync(Query()));

        Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await Store.ReadAsync(Owner, task.Id, default));
        Assert.Null(await Store.ReadAsync(null, task.Id, default));
        Assert.Equal(0, (await Store.ListAsync(Query(), default)).TotalSize);
        Assert.Equal(AppendOutcome.NotFound, await StoreAsync(task, EntryAfter(task, Chunk("x", append: false))));
        var canceled = EntryAfter(task, Status(TaskState.Canceled));
        Assert.Equal(AppendOutcome.NotFound, await StoreAsync(task, canceled, TaskFold.Apply(task, canceled)));
        Assert.False(await Store.RenewLeaseAsync(task.Id, "run", Time.GetUtcNow() + Hour, default));
        Assert.Null(await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
        Assert.False(await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "b"), null, default));
        Assert.False(await Webhooks.DeleteWebhookAsync(Owner, task.Id, "a", default));
    }

    [SkippableFact]
    public async Task AnExpiredTaskIsNotListedNorCountedBeforeAnybodyHasAskedForIt()
    {
        await CreateAsync(retention: Hour);
        var longer = await CreateAsync(retention: 2 * Hour);
        Time.Advance(Hour);
        var page = await Store.ListAsync(Query() with { PageSize = 1 }, default);
        Assert.Equal((longer.Id, 1, null), (Assert.Single(page.Tasks).Id, page.TotalSize, page.Next));
    }

    [SkippableFact]
    public async Task AnExpiredTaskIsNotWatchedBeforeAnybodyHasAskedForIt()
    {
        var task = await CreateAsync(retention: Hour);
        Time.Advance(Hour);
        await using var watch = Store.WatchAsync(task.Id, 0, default).GetAsyncEnumerator();
        Assert.False(await watch.MoveNextAsync().AsTask().WithinLimit("the watch ends"));
    }

    [SkippableFact]
    public async Task AChangeOfStatusKeepsATaskLonger()
    {
        var task = await CreateAsync(retention: Hour);
        Time.Advance(Hour / 2);
        task = await AppendAsync(task, Status(TaskState.InputRequired));
        Time.Advance(Hour / 2);
        await AssertStoredAsync(task);
        Assert.Equal(2, (await WatchToAsync(task.Id, 0, 2)).Count);
        Time.Advance(Hour / 2);
        Assert.Null(await Store.ReadAsync(null, task.Id, default));
    }

    [SkippableFact]
    public async Task TheClaimOfAnExpiredTaskIsFreeAgain()
    {
        var old = await CreateAsync(NewTask(messageId: "m", retention: Hour));
        Time.Advance(Hour);

        var task = await CreateAsync(NewTask(messageId: "m", retention: Hour));

        Assert.Equal(task.Id, (await Store.CreateAsync(NewTask(messageId: "m"), default))?.TaskId);
        Assert.Null(await Store.ReadAsync(null, old.Id, default));
        await AssertStoredAsync(task);
    }

    [SkippableFact]
    public async Task AClaimLastsAsLongAsItsTaskHoweverLongThatIsKept()
    {
        var task = await CreateAsync(NewTask(messageId: "m", retention: Hour));
        for (var i = 0; i < 5; i++)
        {
            Time.Advance(Hour * 0.9);
            task = await AppendAsync(task, Status(TaskState.Working));
        }

        Assert.Equal(task.Id, (await Store.CreateAsync(NewTask(messageId: "m"), default))?.TaskId);
    }
}
