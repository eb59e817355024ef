using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Store;

public abstract partial class TaskStoreConformance
{
    [SkippableFact]
    public async Task WhatAnOwnerMadeWithAMessageIsFoundByItAndByNobodyElse()
    {
        var task = await CreateAsync(NewTask(messageId: "m", retention: Hour));

        Assert.Equal(task.Id, (await Store.FindClaimAsync(Owner, "m", default))?.TaskId);
        Assert.Null(await Store.FindClaimAsync(Owner, "other", default));
        Assert.Null(await Store.FindClaimAsync(OtherOwner, "m", default));
        Time.Advance(Hour);
        Assert.Null(await Store.FindClaimAsync(Owner, "m", default));
    }

    [SkippableFact]
    public async Task AClaimIsAnsweredWithTheHashOfTheContentThatMadeIt()
    {
        var first = await CreateAsync(NewTask(messageId: "m") with { ContentHash = "of the first" });
        var claim = new Claim(first.Id, "of the first");
        Assert.Equal(claim, await Store.FindClaimAsync(Owner, "m", default));
        Assert.Equal(claim, await Store.CreateAsync(NewTask(messageId: "m") with { ContentHash = "of the second" }, default));
        Assert.Equal(claim, await Store.FindClaimAsync(Owner, "m", default));
    }

    [SkippableFact]
    public async Task ATaskWithoutAContentHashClaimsNothingAndFindsNoClaim()
    {
        var claiming = await CreateAsync(NewTask(messageId: "m"));
        await CreateAsync(NewTask(messageId: "m") with { ContentHash = null });
        await CreateAsync(NewTask(messageId: "other") with { ContentHash = null });
        Assert.Null(await Store.FindClaimAsync(Owner, "other", default));
        Assert.Equal(claiming.Id, (await Store.FindClaimAsync(Owner, "m", default))?.TaskId);
        await CreateAsync(NewTask(messageId: "other"));
    }

    [SkippableFact]
    public async Task ATaskThatWasMadeIsRead()
    {
        var task = await CreateAsync();
        await AssertStoredAsync(task);
    }

    [SkippableFact]
    public async Task ATaskIsReadByItsOwnerAndByWorkersAndByNobodyElse()
    {
        var task = await CreateAsync();
        Assert.NotNull(await Store.ReadAsync(Owner, task.Id, default));
        Assert.NotNull(await Store.ReadAsync(null, task.Id, default));
        Assert.Null(await Store.ReadAsync(OtherOwner, task.Id, default));
        Assert.Null(await Store.ReadAsync("", task.Id, default));
    }

    [SkippableFact]
    public async Task ATaskThatWasNeverMadeIsNotRead()
    {
        Assert.Null(await Store.ReadAsync(Owner, TestEngine.NewId(), default));
        Assert.Null(await Store.ReadAsync(null, TestEngine.NewId(), default));
    }

    [SkippableFact]
    public async Task AMessageThatComesAgainAnswersTheTaskItHasMadeAndMakesNone()
    {
        var first = await CreateAsync(NewTask(messageId: "m"));
        var again = NewTask(messageId: "m");

        Assert.Equal(first.Id, (await Store.CreateAsync(again, default))?.TaskId);

        Assert.Null(await Store.ReadAsync(null, again.Snapshot.Id, default));
        Assert.Equal(1, (await Store.ListAsync(new TaskQuery { Owner = Owner, PageSize = 10 }, default)).TotalSize);
        await AssertStoredAsync(first);
    }

    [SkippableFact]
    public async Task AMessageIdIsClaimedForItsOwnerOnly()
    {
        await CreateAsync(NewTask(messageId: "m"));
        await CreateAsync(NewTask(OtherOwner, "m"));
        await CreateAsync(NewTask(messageId: "M"));
    }

    [SkippableFact]
    public async Task AClaimHoldsWhateverItsTaskHasComeTo()
    {
        var task = await CreateAsync(NewTask(messageId: "m"));
        await AppendAsync(task, Status(TaskState.Completed));
        Assert.Equal(task.Id, (await Store.CreateAsync(NewTask(messageId: "m"), default))?.TaskId);
    }

    [SkippableFact]
    public async Task OfManyThatMakeATaskOfTheSameMessageAtOnceOneDoes()
    {
        var tasks = Enumerable.Range(0, 16).Select(_ => NewTask(messageId: "m")).ToList();

        var answers = await Task.WhenAll(tasks.Select(task => Task.Run(async () => await Store.CreateAsync(task, default))));

        var made = tasks[Assert.Single(Enumerable.Range(0, 16), index => answers[index] is null)];
        Assert.All(answers, answer => Assert.True(answer is null || answer.TaskId == made.Snapshot.Id));
        Assert.Equal(
            made.Snapshot.Id, Assert.Single((await Store.ListAsync(new TaskQuery { Owner = Owner, PageSize = 50 }, default)).Tasks).Id);
    }

    [SkippableFact]
    public async Task AWebhookThatComesWithTheMessageIsThereWithTheTask()
    {
        var task = NewTask();
        await CreateAsync(task with { Webhook = Webhook(task.Snapshot.Id, "hook") });
        Assert.Equal([Webhook(task.Snapshot.Id, "hook")], await Webhooks.ListWebhooksAsync(Owner, task.Snapshot.Id, default));
    }

    [SkippableFact]
    public async Task AWebhookThatComesWithARepeatedMessageIsNotStored()
    {
        var first = await CreateAsync(NewTask(messageId: "m"));
        var again = NewTask(messageId: "m");

        await Store.CreateAsync(again with { Webhook = Webhook(again.Snapshot.Id, "hook") }, default);

        Assert.Equal([], await Webhooks.ListWebhooksAsync(Owner, first.Id, default));
        Assert.Null(await Webhooks.ListWebhooksAsync(Owner, again.Snapshot.Id, default));
    }

    [SkippableTheory]
    [InlineData("with/slashes/")]
    [InlineData("..")]
    [InlineData("__all__")]
    [InlineData("größe 尺寸 🙂")]
    [InlineData("*\"'\\%\u0001")]
    public async Task OwnersContextsAndMessageIdsMayBeSpelledInAnyWay(string spelling)
    {
        var owner = Owner + spelling;
        var made = await CreateAsync(NewTask(owner, spelling, contextId: spelling));

        Assert.Equal(made.Id, (await Store.CreateAsync(NewTask(owner, spelling), default))?.TaskId);
        Assert.NotNull(await Store.ReadAsync(owner, made.Id, default));
        var page = await Store.ListAsync(new TaskQuery { Owner = owner, ContextId = spelling, PageSize = 10 }, default);
        Assert.Equal(spelling, Assert.Single(page.Tasks).Request.MessageId);
    }

    [SkippableFact]
    public async Task TheLongestOwnersAreApartWhereTheyDifferInTheirLastLetterOnly()
    {
        var owner = Owner + new string('尺', 450);
        var made = await CreateAsync(owner + "a");
        Assert.NotNull(await Store.ReadAsync(owner + "a", made.Id, default));
        Assert.Null(await Store.ReadAsync(owner + "b", made.Id, default));
        Assert.Null(await Webhooks.ListWebhooksAsync(owner + "b", made.Id, default));
    }

    [SkippableFact]
    public async Task AMessageIdMayBeAsLongAsTheProtocolAllows()
    {
        var id = new string('尺', RequestValidation.MaxIdLength);
        var made = await CreateAsync(NewTask(messageId: id));
        Assert.Equal(made.Id, (await Store.CreateAsync(NewTask(messageId: id), default))?.TaskId);
        await CreateAsync(NewTask(messageId: id[1..] + "寸"));
    }
}
