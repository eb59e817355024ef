using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Store;

public abstract partial class TaskStoreConformance
{
    [SkippableFact]
    public async Task WebhooksAreListedInTheOrdinalOrderOfTheirIds()
    {
        var task = await CreateAsync();
        foreach (var id in new[] { "b", "a", "B", "a1", "ä", "_" })
            Assert.True(await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, id), null, default));
        var expected = new[] { "B", "_", "a", "a1", "b", "ä" }.Select(id => Webhook(task.Id, id));
        Assert.Equal(expected, await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
    }

    [SkippableFact]
    public async Task AWebhookReplacesTheOneOfItsId()
    {
        var task = await CreateAsync();
        await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "a"), null, default);
        var newer = Webhook(task.Id, "a", "https://other.example") with { Version = ProtocolVersion.V1_0 };
        Assert.True(await Webhooks.PutWebhookAsync(Owner, newer, null, default));
        Assert.Equal([newer], await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
    }

    [SkippableFact]
    public async Task AWebhookIsEndedAndEndingItTwiceIsNoError()
    {
        var task = await CreateAsync();
        await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "a"), null, default);
        await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "b"), null, default);
        Assert.True(await Webhooks.DeleteWebhookAsync(Owner, task.Id, "a", default));
        Assert.True(await Webhooks.DeleteWebhookAsync(Owner, task.Id, "a", default));
        Assert.Equal([Webhook(task.Id, "b")], await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
    }

    [SkippableFact]
    public async Task WebhooksOfATaskThatIsNotTheCallersAreOutOfReach()
    {
        var task = await CreateAsync();
        await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "a"), null, default);

        Assert.False(await Webhooks.PutWebhookAsync(OtherOwner, Webhook(task.Id, "a", "https://evil.example"), null, default));
        Assert.Null(await Webhooks.ListWebhooksAsync(OtherOwner, task.Id, default));
        Assert.False(await Webhooks.DeleteWebhookAsync(OtherOwner, task.Id, "a", default));

        Assert.Equal([Webhook(task.Id, "a")], await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
    }

    [SkippableFact]
    public async Task WebhooksOfATaskThatIsNotThereAreNotFound()
    {
        var taskId = TestEngine.NewId();
        Assert.False(await Webhooks.PutWebhookAsync(Owner, Webhook(taskId, "a"), null, default));
        Assert.Null(await Webhooks.ListWebhooksAsync(Owner, taskId, default));
        Assert.False(await Webhooks.DeleteWebhookAsync(Owner, taskId, "a", default));
    }

    [SkippableFact]
    public async Task WebhooksOfOneTaskAreNotAnothers()
    {
        var (one, other) = (await CreateAsync(), await CreateAsync());
        await Webhooks.PutWebhookAsync(Owner, Webhook(one.Id, "a"), null, default);
        Assert.Equal([], await Webhooks.ListWebhooksAsync(Owner, other.Id, default));
        Assert.True(await Webhooks.DeleteWebhookAsync(Owner, other.Id, "a", default));
        Assert.Single((await Webhooks.ListWebhooksAsync(Owner, one.Id, default))!);
    }

    [SkippableFact]
    public async Task WebhooksMayBeMadeForATaskThatHasEnded()
    {
        var task = await AppendAsync(await CreateAsync(), Status(TaskState.Completed));
        Assert.True(await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "a"), null, default));
        Assert.Single((await Webhooks.ListWebhooksAsync(Owner, task.Id, default))!);
    }

    [SkippableFact]
    public async Task ACheckOfWebhooksRefusesAndNothingIsStored()
    {
        var task = await CreateAsync();
        await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "a"), null, default);
        await Assert.ThrowsAsync<OverflowException>(
            async () => await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "b"), AtMost(1, "b"), default));
        Assert.True(await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "a", "https://other.example"), AtMost(1, "a"), default));
        Assert.Equal([Webhook(task.Id, "a", "https://other.example")], await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
    }

    [SkippableFact]
    public async Task OfWebhooksThatComeAtOnceAsManyAreStoredAsTheCheckAllows()
    {
        var task = await CreateAsync();

        var stored = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(async () =>
        {
            try
            {
                Assert.True(await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, $"{i:D2}"), AtMost(5, $"{i:D2}"), default));
                return $"{i:D2}";
            }
            catch (OverflowException)
            {
                return null;
            }
        })));

        var ids = stored.OfType<string>().ToList();
        Assert.Equal(5, ids.Count);
        Assert.Equal(ids, (await Webhooks.ListWebhooksAsync(Owner, task.Id, default))!.Select(config => config.Id));
        Assert.Equal(ids, (await Store.ReadAsync(Owner, task.Id, default))!.WebhookIds.Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task NoOtherWebhookComesBetweenTheCheckAndWhatItIsFor()
    {
        var task = await CreateAsync();
        Task<bool>? other = null;

        var refusal = await Record.ExceptionAsync(async () => await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "a"), Check, default));

        // Either the other waits, and finds this one there, or it was first.
        var others = await Record.ExceptionAsync(() => other!);
        Assert.IsType<OverflowException>(refusal ?? others);
        Assert.Equal(refusal is null ? "a" : "b", Assert.Single((await Webhooks.ListWebhooksAsync(Owner, task.Id, default))!).Id);

        void Check(IReadOnlyList<string> ids)
        {
            AtMost(1, "a")(ids);
            other ??= Task.Run(() => Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "b"), AtMost(1, "b"), default).AsTask());
            // It gets its chance; where it has to wait, it does so for us.
            ((IAsyncResult)other).AsyncWaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
        }
    }

    [SkippableTheory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("__id__")]
    [InlineData("größe 尺寸 🙂")]
    [InlineData("*\"'\\%\u0001")]
    public async Task AWebhooksIdMayBeSpelledInAnyWay(string id)
    {
        var task = await CreateAsync();
        Assert.True(await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, id), null, default));
        Assert.Equal([Webhook(task.Id, id)], await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
        Assert.True(await Webhooks.DeleteWebhookAsync(Owner, task.Id, id, default));
        Assert.Equal([], await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
    }

    /// <summary>As the engine's limit: one that takes another's place is none more.</summary>
    private static Action<IReadOnlyList<string>> AtMost(int count, string id) => ids =>
    {
        if (ids.Count >= count && !ids.Contains(id))
            throw new OverflowException($"{ids.Count} webhooks");
    };
}
