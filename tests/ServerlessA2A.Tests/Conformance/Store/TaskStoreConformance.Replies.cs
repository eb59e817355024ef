using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Store;

/// <summary>Tasks that a message took the place of: in no list, and there for who has their id.</summary>
public abstract partial class TaskStoreConformance
{
    [SkippableFact]
    public async Task ARepliedTaskIsInNoListAndNotCounted()
    {
        var listed = await AppendAsync(await CreateAsync(contextId: "c"), Status(TaskState.Completed));
        var replied = await CreateRepliedAsync("c");

        foreach (var query in new[]
        {
            Query(), Query() with { ContextId = "c" }, Query() with { State = TaskState.Completed },
                Query() with { ContextId = "c", State = TaskState.Completed },
            Query() with { StatusSince = listed.StatusAt },
        })
        {
            var page = await Store.ListAsync(query, default);
            Assert.Equal((listed.Id, 1, null), (Assert.Single(page.Tasks).Id, page.TotalSize, page.Next));
        }

        Assert.Equal(0, await Store.CountUnfinishedAsync(Owner, 10, default));
        await AssertStoredAsync(replied);
    }

    [SkippableFact]
    public async Task PagesPassOverRepliedTasks()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await CreateAsync()).Id);
            await CreateRepliedAsync("c");
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var pages = await PagesAsync(Query() with { PageSize = 2 });

        Assert.Equal([2, 2, 1], pages.Select(page => page.Tasks.Count));
        Assert.All(pages, page => Assert.Equal(5, page.TotalSize));
        Assert.Equal(ids.AsEnumerable().Reverse(), pages.SelectMany(page => page.Tasks).Select(task => task.Id));
    }

    [SkippableFact]
    public async Task RepliedTasksAreListedForMemoryWithTheOthersOfTheirContext()
    {
        var first = await CreateRepliedAsync("c");
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var second = await AppendAsync(await CreateAsync(contextId: "c"), Status(TaskState.Completed));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var third = await CreateRepliedAsync("c");
        await CreateRepliedAsync("other");

        var memory = await Store.ListAsync(Query() with { ContextId = "c", IncludesReplied = true, IsCounted = false }, default);

        Assert.Equal(new[] { third, second, first }.Select(Describe.Snapshot), memory.Tasks.Select(Describe.Snapshot));
    }

    [SkippableFact]
    public async Task ARepliedTaskIsItsOwnersIsTerminalAndTakesWebhooks()
    {
        var task = await CreateRepliedAsync("c");

        Assert.NotNull(await Store.ReadAsync(Owner, task.Id, default));
        Assert.Null(await Store.ReadAsync(OtherOwner, task.Id, default));
        Assert.Equal(
            task.Id, (await Store.WaitUntilTerminalOrInterruptedAsync(task.Id, default)
            .WithinLimit("the task is terminal or interrupted"))!.Id);
        Assert.True(await Webhooks.PutWebhookAsync(Owner, Webhook(task.Id, "a"), null, default));
        Assert.DoesNotContain(
            await Store.ListUnattendedAsync(Time.GetUtcNow() + Hour, 1000, default), unattended => unattended.TaskId == task.Id);
        Assert.Equal(task.Id, (await Store.CreateAsync(NewTask(messageId: task.Request.MessageId), default))?.TaskId);
    }

    [SkippableFact]
    public async Task UntilWhenTheClientWaitsIsKeptWithTheTask()
    {
        var task = NewTask();
        var until = Time.GetUtcNow() + TimeSpan.FromSeconds(55);
        var first = task.First with { Events = [(MessageReceived)task.First.Events[0] with { ReplyUntil = until }] };
        var made = await CreateAsync(task with { First = first, Snapshot = TaskFold.Begin(Owner, Hour, first) });
        made = await AppendAsync(made, Started("run"));
        Assert.Equal(until, made.ReplyUntil);
        await AssertStoredAsync(made);
        Assert.Equal(Describe.Entry(first), Describe.Entry((await WatchToAsync(made.Id, 0, 1))[0]));

        await AssertStoredAsync(await AppendOnlyAsync(made, Chunk("x", append: false)));
        Assert.Null((await Store.ReadAsync(null, made.Id, default))!.ReplyUntil);
    }

    private async Task<TaskSnapshot> CreateRepliedAsync(string contextId)
    {
        var task = await AppendAsync(await CreateAsync(contextId: contextId), Started("run"));
        var message = new Message { MessageId = "reply", ContextId = contextId, Role = Role.Agent, Parts = [Part.FromText("hi")] };
        return await AppendAsync(task, new Replied { Message = message });
    }
}
