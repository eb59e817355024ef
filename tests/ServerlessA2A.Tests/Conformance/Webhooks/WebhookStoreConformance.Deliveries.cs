using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Conformance.Webhooks;

public abstract partial class WebhookStoreConformance
{
    public static TheoryData<string> UnusualIds =>
        [".", "..", "__id__", "größe 尺寸 🙂", "*\"'\\%\u0001", " ", new string('x', 5000), new string('尺', 2000)];

    [SkippableFact]
    public async Task AWebhookIsToldFromTheMessageOnThatItCameWith()
    {
        var task = await CreateWithAsync("first");
        Assert.Equal(New(task, "first", delivered: 0), await ReadUnmarkedAsync(task, "first"));
        task = await AppendAsync(task, Started("run"));
        task = await AppendOnlyAsync(task, Chunk("a", append: false), Chunk("b"), Chunk("c"));
        task = await AppendAsync(task, Status(TaskState.InputRequired));
        Assert.Equal(6, task.Seq);

        task = await AppendWithAsync(task, "second", new MessageReceived { Message = task.Request });

        Assert.Equal(New(task, "second", delivered: 6), await ReadUnmarkedAsync(task, "second"));
        Assert.Equal(New(task, "first", delivered: 0), await ReadUnmarkedAsync(task, "first"));
    }

    [SkippableFact]
    public async Task AWebhookThatIsMadeByItselfIsToldOfTheTaskAsItStands()
    {
        var task = await AppendAsync(await CreateAsync(), Status(TaskState.Completed));
        await PutAsync(task, "a");
        Assert.Equal(New(task, "a", delivered: null), await ReadUnmarkedAsync(task, "a"));
    }

    [SkippableFact]
    public async Task DeliveriesBeginInTheTraceOfTheRequestThatMadeTheirWebhook()
    {
        var created = NewTask();
        var webhook = Webhook(created.Snapshot.Id, "created") with { TraceParent = Trace };
        var task = await CreateAsync(created with { Webhook = webhook, Snapshot = created.Snapshot with { WebhookIds = ["created"] } });
        var entry = EntryAfter(task, Status(TaskState.InputRequired));
        var appended = new NewEntry
        {
            Task = task,
            Entry = entry,
            Snapshot = TaskFold.Apply(task, entry),
            Webhook = webhook with { Id = "appended" },
        };
        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(appended, default));
        Assert.True(await Webhooks.PutWebhookAsync(Owner, webhook with { Id = "put" }, null, default));

        foreach (var id in (string[])["created", "appended", "put"])
        {
            var state = await ReadAsync(task, id);
            Assert.Equal((Trace, null), (state.TraceParent, state.Webhook.TraceParent));
        }

        Assert.All((await Webhooks.ListWebhooksAsync(Owner, task.Id, default))!, listed => Assert.Null(listed.TraceParent));
        // One that is put again begins anew.
        await PutAsync(task, "put");
        Assert.Null((await ReadAsync(task, "put")).TraceParent);
    }

    [SkippableFact]
    public async Task NothingIsKnownOfAWebhookThatIsNotThere()
    {
        var (task, other) = (await CreateWithAsync("a"), await CreateWithAsync("b"));
        Assert.Null(await Webhooks.ReadDeliveryAsync(task.Id, "b", default));
        Assert.Null(await Webhooks.ReadDeliveryAsync(other.Id, "a", default));
        Assert.Null(await Webhooks.ReadDeliveryAsync(task.Id, "A", default));
    }

    [SkippableFact]
    public async Task EverythingThatADeliveryCanSayComesBackAsItWentAndGoesAgain()
    {
        var task = await CreateWithAsync("a");
        var begun = await ReadAsync(task, "a");
        var all = Busy(begun);

        var busy = await UpdateAsync(begun, all);

        Assert.NotEqual(begun.Revision, busy.Revision);
        Assert.Equal(all with { Revision = busy.Revision }, busy);
        Assert.Equal(busy, await ReadAsync(task, "a"));

        var nothing = New(task, "a", delivered: null) with { DueAt = null, Revision = busy.Revision };
        Assert.Equal(await UpdateAsync(busy, nothing), await ReadAsync(task, "a"));
        Assert.Equal(nothing with { Revision = "" }, await ReadUnmarkedAsync(task, "a"));
    }

    [SkippableFact]
    public async Task EachStateThatAnUpdateAnswersIsTheNextOnesToChange()
    {
        var task = await CreateWithAsync("a");
        var delivery = await ReadAsync(task, "a");
        var revisions = new HashSet<string> { delivery.Revision };
        for (var i = 1; i <= 20; i++)
        {
            delivery = await UpdateAsync(delivery, delivery with { Delivered = i });
            Assert.True(revisions.Add(delivery.Revision));
        }

        Assert.Equal(delivery, await ReadAsync(task, "a"));
    }

    [SkippableFact]
    public async Task WhoChangesAnOldStateIsRefusedAndChangesNothing()
    {
        var task = await CreateWithAsync("a");
        var old = await ReadAsync(task, "a");
        var current = await UpdateAsync(old, old with { Holder = "one" });

        Assert.Null(await Webhooks.UpdateDeliveryAsync(old, old with { Holder = "other" }, default));
        // Nor does it help to want what is there.
        Assert.Null(await Webhooks.UpdateDeliveryAsync(old, old with { Holder = "other", Revision = current.Revision }, default));

        Assert.Equal(current, await ReadAsync(task, "a"));
    }

    [SkippableFact]
    public async Task OfManyWhoChangeAStateAtOnceOneDoes()
    {
        var task = await CreateWithAsync("a");
        var delivery = await ReadAsync(task, "a");
        for (var round = 0; round < 5; round++)
        {
            var read = delivery;
            var updates = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
                await Webhooks.UpdateDeliveryAsync(read, read with { Holder = $"{round} {i}" }, default))));
            delivery = Assert.Single(updates.OfType<DeliveryState>());
            Assert.Equal(delivery, await ReadAsync(task, "a"));
        }
    }

    [SkippableFact]
    public async Task TheStateOfAWebhookThatHasEndedIsRefusedAlsoWhenItIsMadeAgain()
    {
        var task = await CreateWithAsync("a");
        var old = await ReadAsync(task, "a");
        await Webhooks.DeleteWebhookAsync(Owner, task.Id, "a", default);

        Assert.Null(await Webhooks.UpdateDeliveryAsync(old, old with { Delivered = 1 }, default));
        Assert.Null(await Webhooks.ReadDeliveryAsync(task.Id, "a", default));
        await AssertIdsAsync(task);

        await PutAsync(task, "a");
        Assert.Null(await Webhooks.UpdateDeliveryAsync(old, old with { Delivered = 1 }, default));
        Assert.Equal(New(task, "a", delivered: null), await ReadUnmarkedAsync(task, "a"));
    }

    [SkippableFact]
    public async Task AWebhookThatIsReplacedBeginsAnewAndRefusesItsOldState()
    {
        var task = await CreateWithAsync("a");
        var busy = await ReadAsync(task, "a");
        busy = await UpdateAsync(busy, Busy(busy));
        var newer = Webhook(task.Id, "a", "https://other.example") with { Version = ProtocolVersion.V1_0 };
        Assert.True(await Webhooks.PutWebhookAsync(Owner, newer, null, default));

        Assert.Null(await Webhooks.UpdateDeliveryAsync(busy, busy with { Delivered = 99 }, default));
        Assert.Equal(New(task, "a", delivered: null) with { Webhook = newer }, await ReadUnmarkedAsync(task, "a"));

        busy = await ReadAsync(task, "a");
        busy = await UpdateAsync(busy, Busy(busy));
        task = await AppendWithAsync(task, "a", Status(TaskState.InputRequired));
        Assert.Null(await Webhooks.UpdateDeliveryAsync(busy, busy with { Delivered = 99 }, default));
        Assert.Equal(New(task, "a", delivered: task.Seq - 1), await ReadUnmarkedAsync(task, "a"));
    }

    [SkippableFact]
    public async Task AWebhookThatIsReplacedByItsLikeBeginsAnewToo()
    {
        var task = await CreateAsync();
        await PutAsync(task, "a");
        var begun = await ReadAsync(task, "a");
        var busy = await UpdateAsync(begun, Busy(begun));
        await PutAsync(task, "a");
        foreach (var old in new[] { begun, busy })
            Assert.Null(await Webhooks.UpdateDeliveryAsync(old, old with { Holder = "one" }, default));
        Assert.Equal(New(task, "a", delivered: null), await ReadUnmarkedAsync(task, "a"));
    }

    [SkippableFact]
    public async Task AnUpdateNeverChangesTheWebhookItself()
    {
        var task = await CreateWithAsync("a");
        var read = await ReadAsync(task, "a");
        var other = Webhook(task.Id, "a", "https://other.example") with { Version = ProtocolVersion.V1_0 };

        var updated = await UpdateAsync(read, read with { Delivered = 1, Webhook = other });

        Assert.Equal(read with { Delivered = 1, Revision = updated.Revision }, updated);
        Assert.Equal(updated, await ReadAsync(task, "a"));
        Assert.Equal([Webhook(task.Id, "a")], await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
    }

    [SkippableFact]
    public async Task AWebhookIsKeptLongerWithoutAnythingElseBeingChanged()
    {
        var task = await CreateWithAsync("a");
        var busy = await ReadAsync(task, "a");
        busy = await UpdateAsync(busy, Busy(busy));

        var kept = await UpdateAsync(busy, busy with { KeepUntil = Time.GetUtcNow() + (1000 * Hour) });

        Assert.Equal(busy with { Revision = kept.Revision }, kept);
        Assert.Equal(kept, await ReadAsync(task, "a"));
        kept = await UpdateAsync(kept, kept with { Delivered = 8 });
        Assert.Equal(kept, await ReadAsync(task, "a"));
        Assert.Equal([Webhook(task.Id, "a")], await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
    }

    [SkippableFact]
    public async Task WhatIsToldToOneWebhookIsNoneOfTheOthersBusinessNorTheTasks()
    {
        var (task, other) = (await CreateWithAsync("a"), await CreateWithAsync("a"));
        await PutAsync(task, "b");
        var (a, b, others) = (await ReadAsync(task, "a"), await ReadAsync(task, "b"), await ReadAsync(other, "a"));

        a = await UpdateAsync(a, Busy(a));
        Assert.Equal((b, others), (await ReadAsync(task, "b"), await ReadAsync(other, "a")));

        task = await AppendAsync(task, Started("run"));
        task = await AppendOnlyAsync(task, Chunk("x", append: false));
        Assert.True(await Store.RenewLeaseAsync(task.Id, "run", Time.GetUtcNow() + Hour, default));
        await AppendAsync(task, Status(TaskState.Completed));
        await PutAsync(task, "b");
        Assert.Equal(a, await ReadAsync(task, "a"));
        await UpdateAsync(a, a with { Delivered = 9 });
    }

    [SkippableTheory]
    [MemberData(nameof(UnusualIds))]
    public async Task AWebhookIsToldHoweverItsIdIsSpelled(string id)
    {
        var task = await CreateWithAsync(id);
        await PutAsync(task, "a");
        var delivery = await ReadAsync(task, id);
        delivery = await UpdateAsync(delivery, Busy(delivery));
        Assert.Equal(delivery, await ReadAsync(task, id));
        task = await AppendWithAsync(task, id, Status(TaskState.InputRequired));
        Assert.Equal(New(task, id, delivered: 1), await ReadUnmarkedAsync(task, id));
        await PutAsync(task, id);
        Assert.Equal(New(task, id, delivered: null), await ReadUnmarkedAsync(task, id));
        await AssertIdsAsync(task, "a", id);
        await Webhooks.DeleteWebhookAsync(Owner, task.Id, id, default);
        await AssertIdsAsync(task, "a");
    }

    /// <summary>One that is sent the current task first is due at once.</summary>
    private DeliveryState New(TaskSnapshot task, string id, long? delivered) => new()
    {
        Webhook = Webhook(task.Id, id),
        Delivered = delivered,
        DueAt = delivered is null ? Time.GetUtcNow() : null,
        Revision = "",
    };

    /// <summary>A state that says everything.</summary>
    private DeliveryState Busy(DeliveryState delivery) => delivery with
    {
        Delivered = 7,
        Holder = "größe/🙂",
        DueAt = Time.GetUtcNow().AddMilliseconds(123),
        FailingSince = Time.GetUtcNow().AddMilliseconds(-1),
        Failures = 42,
        EndedBecause = "410 Gone: \"größe\"\n🙂",
        TraceParent = Trace,
        Attempts = new(Enumerable.Range(1, DeliveryAttempts.Max).Select(i =>
            new DeliveryAttempt(Time.GetUtcNow().AddMilliseconds(i), i, TimeSpan.FromMilliseconds(i - 1))
            {
                Status = i % 2 == 0 ? 503 : null,
                Error = i % 2 == 0 ? null : "größe: \"\n🙂",
            })),
    };

    private async Task<DeliveryState> ReadAsync(TaskSnapshot task, string id)
    {
        var delivery = await Webhooks.ReadDeliveryAsync(task.Id, id, default);
        Assert.NotNull(delivery);
        return delivery;
    }

    /// <summary>Without the store's own mark.</summary>
    private async Task<DeliveryState> ReadUnmarkedAsync(TaskSnapshot task, string id) => await ReadAsync(task, id) with { Revision = "" };

    private async Task<DeliveryState> UpdateAsync(DeliveryState read, DeliveryState changed)
    {
        var updated = await Webhooks.UpdateDeliveryAsync(read, changed, default);
        Assert.NotNull(updated);
        return updated;
    }
}
