using System.Text.Json;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Log;

public class TaskFoldTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Lease Lease = new("run", Start.AddMinutes(1), 1);

    [Fact]
    public void AMessageBeginsASubmittedTask()
    {
        var task = Begin();
        Assert.Equal("""{"id":"t","contextId":"c","status":{"state":"TASK_STATE_SUBMITTED","timestamp":"2026-01-01T00:00:00.000Z"},"history":[{"messageId":"m1","contextId":"c","taskId":"t","role":"ROLE_USER","parts":[{"text":"m1"}]}]}""", Describe.Json(task.Task));
        Assert.Equal((1, Start, Start, Start.AddHours(1), 0), (task.Seq, task.CreatedAt, task.StatusAt, task.ExpireAt, task.Attempts));
        Assert.Equal("m1", task.Request.MessageId);
    }

    [Fact]
    public void AWorkerThatTakesASubmittedTaskMakesItWorking()
    {
        var task = Apply(Begin(), new RunStarted { Lease = Lease, FromSubmitted = true });
        Assert.Equal((TaskState.Working, Start.AddSeconds(2), Lease, 1), (task.State, task.StatusAt, task.Lease, task.Attempts));
    }

    [Fact]
    public void AReplyCompletesTheTaskWithItsMessageWhichKnowsOfNoTask()
    {
        var message = new Message { MessageId = "r", ContextId = "c", Role = Role.Agent, Parts = [Part.FromText("hi")] };
        var task = Apply(Begin(), new RunStarted { Lease = Lease, FromSubmitted = true }, new Replied { Message = message });
        Assert.Equal((TaskState.Completed, null, true), (task.State, task.Lease, task.IsReplied));
        Assert.Equal((Describe.Json(message), "t"), (Describe.Json(task.Reply), task.Task.Status.Message!.TaskId));
    }

    [Fact]
    public void WhatAClientSeesRulesOutAReplyAndNothingElseDoes()
    {
        var waiting = Begin() with { ReplyUntil = Start.AddMinutes(1) };
        var working = Apply(
            waiting, new RunStarted { Lease = Lease, FromSubmitted = true }, new CheckpointSaved { Data = new byte[] { 1 } },
            new RunStarted { Lease = Lease, FromSubmitted = false }, new CheckpointSaved { Data = new byte[] { 2 }, HandOver = true });
        Assert.Equal(waiting.ReplyUntil, working.ReplyUntil);
        foreach (var seen in new TaskEvent[] { Status(TaskState.Working, "busy"), Artifact("a"), Status(TaskState.InputRequired, "who?"),
            Received("m2") })
            Assert.Null(Apply(working, seen).ReplyUntil);
        Assert.Null(Apply(working, Artifact("a"), new RunStarted { Lease = Lease, FromSubmitted = false, Dropped = ["a"] }).ReplyUntil);
    }

    [Fact]
    public void ATakeOverChangesTheLeaseAndNothingThatClientsSee()
    {
        var before = Apply(Begin(), new RunStarted { Lease = Lease, FromSubmitted = true });
        var after = Apply(before, new RunStarted { Lease = new Lease("other", Start.AddMinutes(5), 2), FromSubmitted = false });
        Assert.Equal(Describe.Json(before.Task), Describe.Json(after.Task));
        Assert.Equal(("other", 2), (after.Lease!.RunId, after.Attempts));
    }

    [Fact]
    public void ATakeOverDropsWhatItNamesAndLeavesTheOthersInTheirOrder()
    {
        var before = Apply(Begin(), Artifact("a"), Artifact("b"), Artifact("c"));
        var takeOver = new RunStarted { Lease = Lease, FromSubmitted = false, Dropped = ["b", "never was"] };
        Assert.Equal(["a", "c"], ArtifactsOf(Apply(before, takeOver)));
        Assert.Equal(["a", "c", "b"], ArtifactsOf(Apply(before, takeOver, Artifact("c"), Artifact("b"))));
    }

    [Fact]
    public void ATaskWhoseArtifactsAreAllDroppedHasNone()
    {
        var task = Apply(Begin(), Artifact("a"), new RunStarted { Lease = Lease, FromSubmitted = false, Dropped = ["a"] });
        Assert.Null(task.Task.Artifacts);
    }

    [Fact]
    public void WhatIsSetBackInTheEntryOfATakeOverStandsAsItIsSaidThere()
    {
        var before = Apply(Begin(), Artifact("a"), Artifact("b"));
        var after = TaskFold.Apply(
            before, new LogEntry(before.Seq + 1, Start,
            [new RunStarted { Lease = Lease, FromSubmitted = false, Dropped = ["b"] }, Artifact("a", "as it was")]));
        Assert.Equal("as it was", Assert.Single(after.Task.Artifacts!).Parts[0].Text);
        Assert.Equal(["a", "b"], ArtifactsOf(before));
    }

    [Fact]
    public void WhatWasSaidAboutAStatusBecomesHistoryWithTheNextOne()
    {
        var task = Apply(Begin(), Status(TaskState.Working, "one"));
        Assert.Equal(["m1"], HistoryOf(task));
        task = Apply(task, Status(TaskState.Working, "two"));
        Assert.Equal(["m1", "one"], HistoryOf(task));
        task = Apply(task, Status(TaskState.Completed, "done"));
        Assert.Equal(["m1", "one", "two"], HistoryOf(task));
        Assert.Equal("done", task.Task.Status.Message!.MessageId);
    }

    [Fact]
    public void AnAnswerFollowsItsQuestionInTheHistoryAndBeginsTheCountOfRunsAnew()
    {
        var task = Apply(
            Begin(), new RunStarted { Lease = Lease, FromSubmitted = true }, Status(TaskState.InputRequired, "what?"), Received("m2"));
        Assert.Equal(["m1", "what?", "m2"], HistoryOf(task));
        Assert.Equal((TaskState.Submitted, "m2", null, 0), (task.State, task.Request.MessageId, task.Lease, task.Attempts));
        Assert.Null(task.Task.Status.Message);
    }

    [Theory]
    [InlineData(TaskState.Completed)]
    [InlineData(TaskState.Failed)]
    [InlineData(TaskState.Canceled)]
    [InlineData(TaskState.Rejected)]
    [InlineData(TaskState.InputRequired)]
    [InlineData(TaskState.AuthRequired)]
    public void ATerminalOrInterruptedTaskHasNoWorker(TaskState state) =>
        Assert.Null(Apply(Begin(), new RunStarted { Lease = Lease, FromSubmitted = true }, Status(state)).Lease);

    [Fact]
    public void ANoteLeavesTheWorkerItsLease() =>
        Assert.NotNull(Apply(Begin(), new RunStarted { Lease = Lease, FromSubmitted = true }, Status(TaskState.Working, "busy")).Lease);

    [Fact]
    public void ACheckpointIsKeptAndAHandOverGivesUpTheLease()
    {
        var task = Apply(
            Begin(), new RunStarted { Lease = Lease with { Attempt = 3 }, FromSubmitted = true },
            new CheckpointSaved { Data = new byte[] { 1 } });
        Assert.Equal((1, 3), (task.Checkpoint!.Value.Length, task.Attempts));
        Assert.NotNull(task.Lease);
        task = Apply(task, new CheckpointSaved { Data = new byte[] { 1, 2 }, HandOver = true });
        Assert.Equal((2, null, 0, TaskState.Working), (task.Checkpoint!.Value.Length, task.Lease, task.Attempts, task.State));
    }

    [Fact]
    public void AnAddedMessageIsPendingAndLeavesTheRunAlone()
    {
        var before = Apply(Begin(), new RunStarted { Lease = Lease, FromSubmitted = true }, Status(TaskState.Working, "busy"));
        var task = Apply(before, Added("m2"), Added("m3"));
        Assert.Equal(["m1", "m2", "m3"], HistoryOf(task));
        Assert.Equal(["m2", "m3"], PendingOf(task));
        Assert.Equal(
            (TaskState.Working, "busy", Lease, 1, "m1"),
            (task.State, task.Task.Status.Message!.MessageId, task.Lease, task.Attempts, task.Request.MessageId));
        Assert.Equal((before.StatusAt, before.RequestedAt, 2), (task.StatusAt, task.RequestedAt, task.AddedMessages));
        Assert.Equal(["m1"], task.HistoryOfRun.Select(message => message.MessageId));
    }

    [Fact]
    public void WhatWasTakenWhenACheckpointWasSavedOrTheTaskInterruptedIsNotPendingAnyMore()
    {
        var task = Apply(Begin(), Added("m2"), Added("m3"), Added("m4"), new CheckpointSaved { Data = new byte[] { 1 }, Taken = 1 });
        Assert.Equal(["m3", "m4"], PendingOf(task));
        task = Apply(task, Status(TaskState.InputRequired, "what?") with { Taken = 1 }, Received("m5"));
        Assert.Equal(["m4"], PendingOf(task));
        Assert.Equal(["m1", "m2", "m3", "what?", "m5"], task.HistoryOfRun.Select(message => message.MessageId));
        Assert.Equal(3, task.AddedMessages);
    }

    [Theory]
    [InlineData(TaskState.Completed)]
    [InlineData(TaskState.Failed)]
    [InlineData(TaskState.Canceled)]
    [InlineData(TaskState.Rejected)]
    public void ATaskThatHasEndedHasNothingPending(TaskState state)
    {
        var task = Apply(Begin(), Added("m2"), Status(state));
        Assert.Empty(task.Pending);
        Assert.Equal(["m1", "m2"], HistoryOf(task));
    }

    [Fact]
    public void ARequestAdvancesToTheOldestMessageThatWasNotTaken()
    {
        var task = Apply(
            Begin(), new RunStarted { Lease = Lease with { Attempt = 3 }, FromSubmitted = true },
            new CheckpointSaved { Data = new byte[] { 1 } },
            Added("m2"), Added("m3") with { AcceptedOutputModes = ["image/png"], RequestMetadata = JsonElement.Parse("""{"a":1}""") }, Added("m4"),
            Status(TaskState.Working, "done so far"), new RequestAdvanced { Taken = 1, Checkpoint = new byte[] { 7, 7 } });

        Assert.Equal(["m1", "m2", "done so far", "m3", "m4"], HistoryOf(task));
        Assert.Equal(
            ("m3", "image/png", 1),
            (task.Request.MessageId, Assert.Single(task.AcceptedOutputModes!), task.RequestMetadata!.Value.GetProperty("a").GetInt32()));
        Assert.Equal(["m4"], PendingOf(task));
        Assert.Equal((TaskState.Working, null, 0, 2), (task.State, task.Lease, task.Attempts, task.Checkpoint!.Value.Length));
        Assert.Equal((Start.AddSeconds(8), null), (task.RequestedAt, task.Task.Status.Message));
    }

    [Fact]
    public void ARequestThatAdvancesWithoutACheckpointLeavesNone() => Assert.Null(
        Apply(Begin(), new CheckpointSaved { Data = new byte[] { 1 } }, Added("m2"), new RequestAdvanced { Taken = 0 }).Checkpoint);

    [Fact]
    public void MetadataThatIsPutTogetherStaysAsItCame()
    {
        // Half of a surrogate pair, as an escape, is JSON that no string can hold.
        var task = Apply(
            Begin(),
            new StatusChanged { State = TaskState.Working, Metadata = JsonElement.Parse("""{"🙂":"<🙂>","half":"\ud83d","number":1.0E+2}""") },
            new StatusChanged { State = TaskState.Completed, Metadata = JsonElement.Parse("""{"escaped":"\u0041\/"}""") });
        Assert.Equal("""{"🙂":"<🙂>","half":"\ud83d","number":1.0E+2,"escaped":"\u0041\/"}""", task.Task.Metadata!.Value.GetRawText());
    }

    [Fact]
    public void MetadataOfStatusesIsPutTogetherAndTheNewerCounts()
    {
        var task = Apply(Begin(),
            new StatusChanged { State = TaskState.Working, Metadata = JsonElement.Parse("""{"a":1,"b":{"x":1}}""") },
            Status(TaskState.Working),
            new StatusChanged { State = TaskState.Completed, Metadata = JsonElement.Parse("""{"b":2.0,"c":[]}""") });
        Assert.Equal("""{"a":1,"b":2.0,"c":[]}""", task.Task.Metadata!.Value.GetRawText());
    }

    [Fact]
    public void AnEntryThatDoesNotFollowIsRefused()
    {
        var entry = new LogEntry(3, Start, [Status(TaskState.Working)]);
        Assert.Throws<InvalidOperationException>(() => TaskFold.Apply(Begin(), entry));
        Assert.Throws<InvalidOperationException>(() => TaskFold.Apply(Begin(), [entry]));
        Assert.Throws<InvalidOperationException>(() => TaskFold.Apply(Begin(), entry with { First = 1 }));
    }

    private static TaskSnapshot Begin() => TaskFold.Begin("0::alice", TimeSpan.FromHours(1), new LogEntry(1, Start, [Received("m1")]));

    /// <summary>Each event an entry of its own, a second after the one before.</summary>
    private static TaskSnapshot Apply(TaskSnapshot task, params TaskEvent[] events) => events.Aggregate(task, (state, taskEvent) =>
        TaskFold.Apply(state, new LogEntry(state.Seq + 1, Start.AddSeconds(state.Seq + 1), [taskEvent])));

    private static MessageReceived Received(string id) => new()
    {
        Message = new Message { MessageId = id, TaskId = "t", ContextId = "c", Role = Role.User, Parts = [Part.FromText(id)] },
    };

    private static MessageAdded Added(string id) => new() { Message = Received(id).Message };

    private static StatusChanged Status(TaskState state, string? text = null) => new()
    {
        State = state,
        Message = text is null ? null : new Message { MessageId = text, Role = Role.Agent, Parts = [Part.FromText(text)] },
    };

    private static ArtifactUpdated Artifact(string id, string text = "x") =>
        new() { Artifact = new Artifact { ArtifactId = id, Parts = [Part.FromText(text)] } };

    private static IEnumerable<string> ArtifactsOf(TaskSnapshot task) => task.Task.Artifacts!.Select(artifact => artifact.ArtifactId);

    private static IEnumerable<string> PendingOf(TaskSnapshot task) => task.Pending.Select(added => added.Message.MessageId);

    private static IEnumerable<string> HistoryOf(TaskSnapshot task) => task.Task.History!.Select(message => message.MessageId);
}
