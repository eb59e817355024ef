using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Conformance.Store;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Conformance.Webhooks;

/// <summary>
/// What every store promises to those who tell webhooks (<see cref="IWebhookStore"/>); it is the tasks' store as well. An adapter is
/// done when a class that derives from this one, in a line, is green.
/// </summary>
public abstract partial class WebhookStoreConformance : StoreSuite
{
    [SkippableFact]
    public async Task WebhooksAreKnownHoweverTheyWereMade()
    {
        var task = await CreateWithAsync("with the task");
        await AssertIdsAsync(task, "with the task");
        task = await AppendWithAsync(task, "with a message", Status(TaskState.InputRequired));
        await AssertIdsAsync(task, "with the task", "with a message");
        await PutAsync(task, "by itself");
        await AssertIdsAsync(task, "by itself", "with the task", "with a message");
    }

    [SkippableFact]
    public async Task ATaskWithoutWebhooksHasNone() => await AssertIdsAsync(await CreateAsync());

    [SkippableFact]
    public async Task AWriterTakesNoWebhookAwayThatItDoesNotKnow()
    {
        var task = await AppendAsync(await CreateWithAsync("first"), Started("run"));
        await PutAsync(task, "later");
        task = await AppendOnlyAsync(task, Chunk("x", append: false));
        await AssertIdsAsync(task, "first", "later");
        task = await AppendAsync(task, Status(TaskState.Working));
        await AssertIdsAsync(task, "first", "later");
        await AppendWithAsync(task, "last", Status(TaskState.Completed));
        await AssertIdsAsync(task, "first", "last", "later");
    }

    [SkippableFact]
    public async Task AWriterDoesNotBringBackAWebhookThatHasEnded()
    {
        var task = await AppendAsync(await CreateWithAsync("a"), Started("run"));
        await Webhooks.DeleteWebhookAsync(Owner, task.Id, "a", default);
        await AssertIdsAsync(task);
        task = await AppendAsync(task, Status(TaskState.Working));
        await AssertIdsAsync(task);
        await AppendOnlyAsync(task, Chunk("x", append: false));
        await AssertIdsAsync(task);
        Assert.Null(await Webhooks.ReadDeliveryAsync(task.Id, "a", default));
    }

    [SkippableFact]
    public async Task AWebhookThatIsReplacedIsOne()
    {
        var task = await CreateWithAsync("a");
        await PutAsync(task, "a");
        await PutAsync(task, "b");
        await AppendWithAsync(task, "b", Status(TaskState.InputRequired));
        await AssertIdsAsync(task, "a", "b");
    }

    [SkippableFact]
    public async Task AWebhookThatHasEndedIsKnownNoMoreAndMayBeMadeAgain()
    {
        var task = await CreateWithAsync("a");
        await PutAsync(task, "b");
        await Webhooks.DeleteWebhookAsync(Owner, task.Id, "a", default);
        await Webhooks.DeleteWebhookAsync(Owner, task.Id, "never there", default);
        await AssertIdsAsync(task, "b");
        await PutAsync(task, "a");
        await AssertIdsAsync(task, "a", "b");
    }

    [SkippableFact]
    public async Task AWebhookOfAnEntryThatCameTooLateIsNotKnown()
    {
        var task = await CreateAsync();
        await AppendAsync(task, Status(TaskState.InputRequired));
        Assert.Equal(AppendOutcome.Conflict, await StoreWithAsync(task, "a", Status(TaskState.Working)));
        await AssertIdsAsync(task);
        Assert.Null(await Webhooks.ReadDeliveryAsync(task.Id, "a", default));
    }

    [SkippableFact]
    public async Task OfManyWebhooksThatAreMadeAtOnceNoneIsLost()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        var ids = Enumerable.Range(0, 8).Select(i => $"{i}").ToArray();
        var puts = ids.Select(id => Task.Run(() => PutAsync(task, id))).ToList();
        var last = task;
        for (var i = 0; i < 5; i++)
            last = await AppendAsync(last, Status(TaskState.Working));
        await Task.WhenAll(puts);
        await AssertIdsAsync(task, ids);
    }

    [SkippableFact]
    public async Task NothingIsKnownOfATaskThatIsNotThere()
    {
        foreach (var id in new[] { TestEngine.NewId(), "a/b", "", "..", "__x__" })
        {
            Assert.Null(await Webhooks.ListWebhookIdsAsync(id, default));
            Assert.Null(await Webhooks.ReadDeliveryAsync(id, "a", default));
            Assert.Null(await Webhooks.ReadEventsAsync(id, 0, default));
        }
    }

    [SkippableFact]
    public async Task NothingIsKnownOfATaskThatHasExpired()
    {
        var task = await CreateWithAsync("a", Hour);
        var listed = Assert.Single(await UndeliveredAsync(Time.GetUtcNow(), task));
        Time.Advance(Hour - TimeSpan.FromMilliseconds(1));
        await AssertIdsAsync(task, "a");
        Assert.NotNull(await Webhooks.ReadEventsAsync(task.Id, 0, default));
        Assert.Single(await UndeliveredAsync(Time.GetUtcNow(), task));

        Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await Webhooks.ListWebhookIdsAsync(task.Id, default));
        Assert.Null(await Webhooks.ReadEventsAsync(task.Id, 0, default));
        Assert.Empty(await UndeliveredAsync(Time.GetUtcNow(), task));
        Assert.False(await Webhooks.PostponeDeliveriesAsync(listed, null, default));
    }

    /// <summary>Makes a task with a webhook, as the engine does.</summary>
    private Task<TaskSnapshot> CreateWithAsync(string id, TimeSpan? retention = null)
    {
        var task = NewTask(retention: retention);
        return CreateAsync(task with { Webhook = Webhook(task.Snapshot.Id, id), Snapshot = task.Snapshot with { WebhookIds = [id] } });
    }

    /// <summary>Appends with the snapshot and a webhook, and answers the state after it.</summary>
    private async Task<TaskSnapshot> AppendWithAsync(TaskSnapshot task, string id, params TaskEvent[] events)
    {
        Assert.Equal(AppendOutcome.Appended, await StoreWithAsync(task, id, events));
        return TaskFold.Apply(task, EntryAfter(task, events)) with { WebhookIds = [.. task.WebhookIds.Union([id])] };
    }

    private ValueTask<AppendOutcome> StoreWithAsync(TaskSnapshot task, string id, params TaskEvent[] events)
    {
        var entry = EntryAfter(task, events);
        return Store.AppendAsync(
            new NewEntry { Task = task, Entry = entry, Snapshot = TaskFold.Apply(task, entry), Webhook = Webhook(task.Id, id) }, default);
    }

    private async Task PutAsync(TaskSnapshot task, string id) =>
        Assert.True(await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, id), null, default));

    /// <summary>In any order; and so does everybody see them who reads the task.</summary>
    private async Task AssertIdsAsync(TaskSnapshot task, params string[] ids)
    {
        var expected = ids.Order(StringComparer.Ordinal);
        Assert.Equal(expected, (await Webhooks.ListWebhookIdsAsync(task.Id, default))!.Order(StringComparer.Ordinal));
        Assert.Equal(expected, (await Store.ReadAsync(null, task.Id, default))!.WebhookIds.Order(StringComparer.Ordinal));
        Assert.Equal(expected, (await Webhooks.ListWebhooksAsync(Owner, task.Id, default))!.Select(config => config.Id));
    }
}
