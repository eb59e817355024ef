using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Webhooks;

public abstract partial class WebhookStoreConformance
{
    [SkippableFact]
    public async Task EventsAreReadFromAnyPlaceToTheEndOfTheLog()
    {
        var made = NewTask();
        var log = new List<LogEntry> { made.First };
        var task = await CreateAsync(made);
        task = await LogAsync(task, hasSnapshot: true, Started("run"));
        Time.Advance(TimeSpan.FromMilliseconds(12));
        task = await LogAsync(
            task, hasSnapshot: false, Chunk("a", append: false), Chunk("b"), new CheckpointSaved { Data = new byte[] { 1 } });
        task = await LogAsync(task, hasSnapshot: false, Chunk("c"));
        Time.Advance(TimeSpan.FromMilliseconds(34));
        task = await LogAsync(task, hasSnapshot: true, Chunk("d"), Status(TaskState.Completed));
        Assert.Equal(8, task.Seq);

        foreach (var (after, firsts) in new (long, long[])[]
        {
            (0, [1, 2, 3, 6, 7]), (1, [2, 3, 6, 7]), (2, [3, 6, 7]), (3, [3, 6, 7]), (4, [3, 6, 7]), (5, [6, 7]), (6, [7]), (7, [7]),
                (8, []), (9, []), (long.MaxValue, []),
        })
        {
            var events = (await Webhooks.ReadEventsAsync(task.Id, after, default))!;
            Assert.Equal(Describe.Entries(log.Where(entry => firsts.Contains(entry.First))), Describe.Entries(events.Entries));
            Assert.Equal(
                (task.Id, task.Task.ContextId, task.Owner, true),
                (events.TaskId, events.ContextId, events.Owner, events.IsTerminalOrInterrupted));
            Assert.True(events.KeepUntil >= task.ExpireAt);
        }

        async Task<TaskSnapshot> LogAsync(TaskSnapshot task, bool hasSnapshot, params TaskEvent[] events)
        {
            log.Add(EntryAfter(task, events));
            return hasSnapshot ? await AppendAsync(task, events) : await AppendOnlyAsync(task, events);
        }
    }

    [SkippableFact]
    public async Task WhetherATaskIsTerminalOrInterruptedComesWithItsEvents()
    {
        var task = await CreateAsync();
        await AssertTerminalOrInterruptedAsync(task, isSo: false);
        task = await AppendAsync(task, Started("run"));
        await AssertTerminalOrInterruptedAsync(task, isSo: false);
        task = await AppendAsync(task, Status(TaskState.InputRequired));
        await AssertTerminalOrInterruptedAsync(task, isSo: true);
        task = await AppendAsync(task, new MessageReceived { Message = task.Request });
        await AssertTerminalOrInterruptedAsync(task, isSo: false);
        await AssertTerminalOrInterruptedAsync(await AppendAsync(task, Status(TaskState.Failed)), isSo: true);
    }

    [SkippableFact]
    public async Task EventsMayBeLarge()
    {
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(index => $"{index:D9}é"));
        var made = NewTask();
        var message = made.Snapshot.Request with { Parts = [Part.FromText(text)] };
        var first = made.First with { Events = [new MessageReceived { Message = message }] };
        var task = await CreateAsync(made with { First = first, Snapshot = TaskFold.Begin(Owner, Hour, first) });
        task = await AppendAsync(task, Started("run"));
        var chunks = EntryAfter(task, Chunk(text, append: false), Chunk("end"));
        await AppendOnlyAsync(task, [.. chunks.Events]);

        Assert.Equal(Describe.Entry(first), Describe.Entry((await Webhooks.ReadEventsAsync(task.Id, 0, default))!.Entries[0]));
        Assert.Equal(Describe.Entry(chunks), Describe.Entry(Assert.Single((await Webhooks.ReadEventsAsync(task.Id, 3, default))!.Entries)));
    }

    [SkippableFact]
    public async Task EventsArePromptlyThereWhoeverAppendedThem()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        for (var i = 0; i < 20; i++)
        {
            task = await AppendOnlyAsync(task, Chunk($"{i}", append: i > 0));
            Assert.Equal(task.Seq, Assert.Single((await Webhooks.ReadEventsAsync(task.Id, task.Seq - 1, default))!.Entries).First);
        }
    }

    private async Task AssertTerminalOrInterruptedAsync(TaskSnapshot task, bool isSo)
    {
        foreach (var after in new[] { 0, task.Seq, long.MaxValue })
            Assert.Equal(isSo, (await Webhooks.ReadEventsAsync(task.Id, after, default))!.IsTerminalOrInterrupted);
    }
}
