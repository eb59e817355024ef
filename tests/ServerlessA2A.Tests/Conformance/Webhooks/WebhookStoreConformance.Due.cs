using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Conformance.Webhooks;

public abstract partial class WebhookStoreConformance
{
    [SkippableFact]
    public async Task AWebhookIsDueFromItsMomentOnUntilItIsChanged()
    {
        var task = await CreateWithAsync("a");
        var at = Time.GetUtcNow().AddMilliseconds(123);
        var state = await ReadAsync(task, "a");
        state = await UpdateAsync(state, state with { DueAt = at });

        Assert.Empty(await DueAsync(at - Millisecond, task));
        // A look changes nothing.
        for (var i = 0; i < 2; i++)
            Assert.Equal([new(task.Id, 0, "a")], await DueAsync(at, task));

        state = await UpdateAsync(state, state with { DueAt = at + Minute });
        Assert.Empty(await DueAsync(at, task));
        Assert.Equal([new(task.Id, 0, "a")], await DueAsync(at + Minute, task));
        await UpdateAsync(state, state with { DueAt = null });
        Assert.Empty(await DueAsync(DateTimeOffset.MaxValue, task));
    }

    [SkippableFact]
    public async Task AWebhookThatIsDueIsListedWithTheTraceOfItsLastDelivery()
    {
        var task = await CreateAsync();
        Assert.True(await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "a") with { TraceParent = Trace }, null, default));
        Assert.Equal([new(task.Id, 0, "a") { TraceParent = Trace }], await DueAsync(Time.GetUtcNow(), task));

        var other = Trace.Replace('4', '5');
        var state = await ReadAsync(task, "a");
        await UpdateAsync(state, state with { TraceParent = other });

        Assert.Equal([new(task.Id, 0, "a") { TraceParent = other }], await DueAsync(Time.GetUtcNow(), task));
    }

    [SkippableFact]
    public async Task OnlyAWebhookThatIsStoredByItselfIsDueFromTheStart()
    {
        var task = await CreateWithAsync("with the task");
        task = await AppendWithAsync(task, "with a message", Status(TaskState.InputRequired));
        Assert.Empty(await DueAsync(DateTimeOffset.MaxValue, task));
        await PutAsync(task, "by itself");
        Assert.Empty(await DueAsync(Time.GetUtcNow() - Millisecond, task));
        Assert.Equal([new(task.Id, 0, "by itself")], await DueAsync(Time.GetUtcNow(), task));
    }

    [SkippableFact]
    public async Task AWebhookThatIsDeletedIsNotDueAndOneThatIsReplacedStartsAnew()
    {
        var task = await CreateAsync();
        await PutAsync(task, "a");
        await PutAsync(task, "b");
        await Webhooks.DeleteWebhookAsync(Owner, task.Id, "a", default);
        Assert.Equal([new(task.Id, 0, "b")], await DueAsync(DateTimeOffset.MaxValue, task));

        await AppendWithAsync(task, "b", Status(TaskState.InputRequired));
        Assert.Empty(await DueAsync(DateTimeOffset.MaxValue, task));
        await PutAsync(task, "b");
        Assert.Equal([new(task.Id, 0, "b")], await DueAsync(DateTimeOffset.MaxValue, task));
    }

    [SkippableFact]
    public async Task WhatIsAppendedChangesNothingOfWhatIsDue()
    {
        var task = await CreateWithAsync("a");
        var state = await ReadAsync(task, "a");
        state = await UpdateAsync(state, state with { DueAt = Time.GetUtcNow() });
        task = await AppendAsync(task, Started("run"));
        task = await AppendOnlyAsync(task, Chunk("x", append: false));
        await AppendAsync(task, Status(TaskState.Completed));
        Assert.Equal([new(task.Id, 0, "a")], await DueAsync(Time.GetUtcNow(), task));
        Assert.Equal(state, await ReadAsync(task, "a"));
    }

    [SkippableFact]
    public async Task TheLongestDueComeFirstWhosesoeverTheyAreAndNoMoreThanAskedFor()
    {
        // Earlier than whatever other tests leave in a shared store.
        var old = Old(1999);
        var (mine, others) = (await CreateAsync(), await CreateAsync(OtherOwner));
        await Webhooks.PutWebhookAsync(OtherOwner, Webhook(others.Id, "a"), null, default);
        await PutAsync(mine, "a");
        await PutAsync(mine, "b");
        foreach (var (task, id, later) in new[] { (mine, "a", 2), (others, "a", 1), (mine, "b", 0) })
        {
            var state = await ReadAsync(task, id);
            await UpdateAsync(state, state with { DueAt = old.AddMilliseconds(later) });
        }

        DeliveryRequest[] expected = [new(mine.Id, 0, "b"), new(others.Id, 0, "a"), new(mine.Id, 0, "a")];
        Assert.Equal(expected, await DueAsync(old.AddMilliseconds(2), mine, others));
        Assert.Equal(expected[..2], await DueAsync(old.AddMilliseconds(1), mine, others));
        Assert.Single(await Webhooks.ListDueAsync(old.AddMilliseconds(2), 1, default));
    }

    [SkippableTheory]
    [MemberData(nameof(UnusualIds))]
    public async Task AWebhookIsDueHoweverItsIdIsSpelled(string id)
    {
        var task = await CreateAsync();
        await PutAsync(task, id);
        Assert.Equal([new(task.Id, 0, id)], await DueAsync(Time.GetUtcNow(), task));
    }

    /// <summary>What is due, of a test's own tasks.</summary>
    private async Task<IReadOnlyList<DeliveryRequest>> DueAsync(DateTimeOffset now, params TaskSnapshot[] tasks) =>
        [.. (await Webhooks.ListDueAsync(now, 10_000, default)).Where(due => tasks.Any(task => task.Id == due.TaskId))];
}
