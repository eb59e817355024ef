using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Store;

public abstract partial class TaskStoreConformance
{
    [SkippableFact]
    public async Task AnEntryAtTheEndOfTheLogIsAppendedWithItsSnapshot()
    {
        var task = await CreateAsync();
        await AssertStoredAsync(await AppendAsync(task, Started("run")));
    }

    [SkippableFact]
    public async Task ARereadFoldsWhatWasAppendedWithoutASnapshot()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        task = await AppendOnlyAsync(task, Chunk("a", append: false));
        await AssertStoredAsync(task);
        task = await AppendOnlyAsync(task, Chunk("b"), new CheckpointSaved { Data = new byte[] { 1, 2 } });
        await AssertStoredAsync(task);
        task = await AppendOnlyAsync(task, Chunk("c"));
        await AssertStoredAsync(task);
        await AssertStoredAsync(await AppendAsync(task, Chunk("d"), Status(TaskState.Completed)));
    }

    [SkippableFact]
    public async Task AnEntryAtANumberThatIsTakenIsAConflictAndChangesNothing()
    {
        var task = await CreateAsync();
        var working = await AppendAsync(task, Started("run"));
        var late = EntryAfter(task, Status(TaskState.Canceled));

        Assert.Equal(AppendOutcome.Conflict, await StoreAsync(task, late, TaskFold.Apply(task, late)));
        Assert.Equal(AppendOutcome.Conflict, await StoreAsync(task, late));

        await AssertStoredAsync(working);
    }

    [SkippableFact]
    public async Task AnEntryWhereALongerOneBeginsIsAConflict()
    {
        var before = await AppendAsync(await CreateAsync(), Started("run"));
        var task = await AppendOnlyAsync(before, Chunk("a", append: false), Chunk("b"), Chunk("c"));
        Assert.Equal(5, task.Seq);
        Assert.Equal(AppendOutcome.Conflict, await StoreAsync(before, EntryAfter(before, Chunk("x"))));
        await AssertStoredAsync(task);
    }

    [SkippableFact]
    public async Task AWebhookComesWithItsEntryOrNotAtAll()
    {
        var task = await CreateAsync();
        var working = EntryAfter(task, Started("run"));
        var first = new NewEntry
        {
            Task = task,
            Entry = working,
            Snapshot = TaskFold.Apply(task, working),
            Webhook = Webhook(task.Id, "with")
        };
        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(first, default));
        Assert.Equal(AppendOutcome.Conflict, await Store.AppendAsync(first with { Webhook = Webhook(task.Id, "without") }, default));
        Assert.Equal([Webhook(task.Id, "with")], await Webhooks.ListWebhooksAsync(Owner, task.Id, default));
    }

    [SkippableFact]
    public async Task OfManyThatAppendAtOnceExactlyOneDoes()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        for (var round = 0; round < 5; round++)
        {
            var at = task;
            var appended = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                // Entries of different lengths, half of them with a snapshot: none may slip in beside another.
                var events = Enumerable.Range(0, 1 + (writer % 3)).Select(_ => (TaskEvent)Chunk($"{writer};")).ToArray();
                var entry = EntryAfter(at, writer % 2 == 0 ? events : [.. events, Started($"run {writer}")]);
                var folded = TaskFold.Apply(at, entry);
                return (Outcome: await StoreAsync(at, entry, writer % 2 == 0 ? null : folded), folded);
            })));

            task = Assert.Single(appended, one => one.Outcome == AppendOutcome.Appended).folded;
            Assert.Equal(7, appended.Count(one => one.Outcome == AppendOutcome.Conflict));
            await AssertStoredAsync(task);
        }
    }

    [SkippableFact]
    public async Task AnEntryForATaskThatIsNotThereIsNotFound() =>
        Assert.Equal(
            AppendOutcome.NotFound,
            await StoreUnknownAsync(NewTask().Snapshot));

    private ValueTask<AppendOutcome> StoreUnknownAsync(TaskSnapshot task)
    {
        var entry = EntryAfter(task, Status(TaskState.Canceled));
        return StoreAsync(task, entry, TaskFold.Apply(task, entry));
    }

    [SkippableFact]
    public async Task EverythingThatEventsCanHoldComesBackAsItWent()
    {
        var first = NewTask();
        var message = first.Snapshot.Request with
        {
            Parts =
            [
                Part.FromText("größe 尺寸 🙂 \u0001") with { Metadata = Json("""{"n":1.0,"big":12345678901234567890,"deep":[{"x":null}]}"""), MediaType = "text/markdown" },
                Part.FromBytes(new byte[] { 0, 255, 1 }, "application/octet-stream", "a/b.bin"),
                Part.FromUri("https://x.example/?a=b&c=%20"),
                Part.FromData(Json("null")),
                Part.FromData(Json("""[[[1e400,-0.0]],{"":""}]""")),
                Part.FromText(""),
            ],
            Metadata = Json("""{"k":"v"}"""),
            Extensions = ["urn:x"],
            ReferenceTaskIds = ["t0"],
        };
        var received = new MessageReceived { Message = message, AcceptedOutputModes = ["text/plain", "*/*"], RequestMetadata = Json("""{"r":true}""") };
        var entry = new LogEntry(1, Time.GetUtcNow(), [received]);
        var task = await CreateAsync(new NewTask { First = entry, Snapshot = TaskFold.Begin(Owner, TimeSpan.FromMinutes(90), entry) });
        await AssertStoredAsync(task);

        Time.Advance(TimeSpan.FromMilliseconds(1234));
        task = await AppendAsync(task, Started("run", 3));
        var artifact = new Artifact
        {
            ArtifactId = "a/1",
            Name = "n",
            Description = "d",
            Parts = message.Parts,
            Metadata = Json("{}"),
            Extensions = ["urn:y"],
        };
        task = await AppendOnlyAsync(task, new ArtifactUpdated { Artifact = artifact, LastChunk = true, Metadata = Json("""{"e":1}""") });
        task = await AppendOnlyAsync(task, new CheckpointSaved { Data = ReadOnlyMemory<byte>.Empty });
        await AssertStoredAsync(task);
        var added = new MessageAdded { Message = message with { MessageId = "added" }, AcceptedOutputModes = ["image/*"], RequestMetadata = Json("""{"r":2}""") };
        task = await AppendAsync(task, added);
        task = await AppendAsync(task, new MessageAdded { Message = message with { MessageId = "added too" } });
        await AssertStoredAsync(task);
        task = await AppendOnlyAsync(task, new CheckpointSaved { Data = new byte[] { 1 }, Taken = 1 });
        await AssertStoredAsync(task);
        var question = message with { Role = Role.Agent, MessageId = "q" };
        task = await AppendAsync(task, new StatusChanged { State = TaskState.AuthRequired, Message = question, Taken = 1, Metadata = Json("""{"s":2.50}""") });
        task = await AppendAsync(task, received with { AcceptedOutputModes = null, RequestMetadata = null });
        task = await AppendAsync(
            task, Started("run 2", fromSubmitted: true), new CheckpointSaved { Data = new byte[] { 9, 0, 9 }, HandOver = true });
        task = await AppendAsync(task, added with { Message = added.Message with { MessageId = "added last" } });
        task = await AppendAsync(task, new RequestAdvanced { Taken = 0, Checkpoint = new byte[] { 3 } });

        await AssertStoredAsync(task);
        var log = await WatchToAsync(task.Id, 0, task.Seq);
        Assert.Equal(
            Describe.Snapshot(task), Describe.Snapshot(TaskFold.Apply(TaskFold.Begin(Owner, TimeSpan.FromMinutes(90), log[0]), log[1..])));
    }

    [SkippableFact]
    public async Task ManyMegabytesAreReadAndWatchedAsTheyWereWritten()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(index => $"{index:D9}é"));
        task = await AppendOnlyAsync(task, Chunk(text, append: false));
        task = await AppendOnlyAsync(task, Chunk(text), Chunk("end"));
        await AssertStoredAsync(task);

        task = await AppendAsync(task, Status(TaskState.Completed));

        await AssertStoredAsync(task);
        var log = await WatchToAsync(task.Id, 2, task.Seq);
        Assert.Equal([(3L, 3L), (4L, 5L), (6L, 6L)], log.Select(entry => (entry.First, entry.Last)));
        Assert.Equal(text, ((ArtifactUpdated)log[1].Events[0]).Artifact.Parts[0].Text);
    }

    [SkippableFact]
    public async Task ALeaseIsRenewedByItsHolderOnly()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        var later = Time.GetUtcNow() + TimeSpan.FromSeconds(100);

        Assert.False(await Store.RenewLeaseAsync(task.Id, "another", later, default));
        await AssertStoredAsync(task);
        Assert.True(await Store.RenewLeaseAsync(task.Id, "run", later, default));
        await AssertStoredAsync(task with { Lease = task.Lease! with { Until = later } });
    }

    [SkippableFact]
    public async Task ALeaseThatRanOutIsStillItsHoldersUntilItIsTaken()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        Time.Advance(TimeSpan.FromSeconds(61));
        Assert.True(await Store.RenewLeaseAsync(task.Id, "run", Time.GetUtcNow(), default));

        var taken = await AppendAsync(task, Started("another", 2, fromSubmitted: false));

        Assert.False(await Store.RenewLeaseAsync(task.Id, "run", Time.GetUtcNow() + TimeSpan.FromSeconds(60), default));
        await AssertStoredAsync(taken);
    }

    [SkippableFact]
    public async Task ARenewalOutlivesWhatIsAppendedWithoutASnapshot()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        var later = Time.GetUtcNow() + TimeSpan.FromSeconds(100);
        await Store.RenewLeaseAsync(task.Id, "run", later, default);

        await AppendOnlyAsync(task, Chunk("a", append: false));

        Assert.Equal(later, (await Store.ReadAsync(null, task.Id, default))!.Lease!.Until);
    }

    [SkippableFact]
    public async Task ARenewalOutlivesAMessageThatIsAddedByWhoKnowsNothingOfIt()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        var later = Time.GetUtcNow() + TimeSpan.FromSeconds(100);
        await Store.RenewLeaseAsync(task.Id, "run", later, default);

        var added = await AppendAsync(task, new MessageAdded { Message = task.Request with { MessageId = "added" } });

        await AssertStoredAsync(added with { Lease = task.Lease! with { Until = later } });
        Assert.DoesNotContain(
            await Store.ListUnattendedAsync(later - TimeSpan.FromSeconds(1), int.MaxValue, default), listed => listed.TaskId == task.Id);
        Assert.Contains(await Store.ListUnattendedAsync(later, int.MaxValue, default), listed => listed.TaskId == task.Id);
    }

    [SkippableFact]
    public async Task ALeaseThatWasGivenUpIsNotRenewed()
    {
        var later = Time.GetUtcNow() + TimeSpan.FromSeconds(100);
        var task = await CreateAsync();
        Assert.False(await Store.RenewLeaseAsync(task.Id, "run", later, default));
        task = await AppendAsync(task, Started("run"));
        task = await AppendAsync(task, Status(TaskState.InputRequired));
        Assert.False(await Store.RenewLeaseAsync(task.Id, "run", later, default));
        Assert.False(await Store.RenewLeaseAsync(TestEngine.NewId(), "run", later, default));
        await AssertStoredAsync(task);
    }
}
