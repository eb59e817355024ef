using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Running;

/// <content>Messages to a task that is SUBMITTED or WORKING: each reaches the agent once, or in a run that stands.</content>
public abstract partial class TaskRunningConformance
{
    [SkippableFact]
    public async Task AMessageToAWorkingTaskReachesItsAgent()
    {
        var task = await One.SendAsync("hello");
        var (agent, run, seen) = await BeginAsync(One, task.Id);

        var working = await Other.SendAsync("and more", task.Id);
        Assert.Equal(TaskState.Working, working.Status.State);
        Assert.Equal("and more", await NextAsync(seen));
        await Other.SendAsync("and still more", task.Id);
        Assert.Equal("and still more", await NextAsync(seen));
        await agent.SayAsync(AgentUpdate.Artifact("a", "all of it"));
        agent.End();
        await run.WithinLimit("the run ends");

        Assert.Equal(
            "MessageReceived RunStarted MessageAdded MessageAdded ArtifactUpdated Completed",
            Describe.Kinds(await One.EventsAsync(task.Id)));
        Assert.Equal(["hello", "and more", "and still more"], TextsOf((await One.ReadAsync(task.Id)).Task.History!));
    }

    [SkippableFact]
    public async Task AMessageToASubmittedTaskIsOfferedWhenItsRunBegins()
    {
        var task = await One.SendAsync("hello");
        Assert.Equal(TaskState.Submitted, (await Other.SendAsync("and more", task.Id)).Status.State);

        var (agent, run, seen) = await BeginAsync(One, task.Id);

        Assert.Equal(("hello", 1), (seen.Text, seen.NewMessages.Count));
        Assert.Equal(["hello"], TextsOf(seen.History));
        Assert.True(seen.NewMessages.TryRead(out var more));
        Assert.Equal("and more", more.Parts[0].Text);
        agent.End();
        await run.WithinLimit("the run ends");
        Assert.Equal("MessageReceived MessageAdded RunStarted Completed", Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task AnAgentThatReadsNoMessagesIsRunAgainForEachOfThem()
    {
        var task = await One.SendAsync("one");
        var (agent, run, _) = await BeginAsync(One, task.Id);
        await Other.SendAsync("two", task.Id);
        await Other.SendAsync("three", task.Id);
        agent.Say(AgentUpdate.Complete("answer to one"));
        agent.End();
        await run.WithinLimit("the run ends");

        var between = await Other.ReadAsync(task.Id);
        Assert.Equal((TaskState.Working, null, 0), (between.State, between.Lease, between.Attempts));
        Assert.Equal(task.Id, (await TakeAsync()).TaskId);
        Assert.Equal(task.Id, (await TakeAsync()).TaskId);
        var second = ScriptedAgent.Saying(AgentUpdate.Complete("answer to two"));
        await Other.RunAsync(second, task.Id);
        var third = ScriptedAgent.Saying(AgentUpdate.Complete("answer to three"));
        await One.RunAsync(third, task.Id);

        Assert.Equal(("two", 1, "three", 1), (second.Seen!.Text, second.Seen.Attempt, third.Seen!.Text, third.Seen.Attempt));
        Assert.Equal(["one", "answer to one", "two"], TextsOf(second.Seen.History));
        Assert.Equal(["one", "answer to one", "two", "answer to two", "three"], TextsOf(third.Seen.History));
        Assert.Equal(
            "MessageReceived RunStarted MessageAdded MessageAdded Working RequestAdvanced RunStarted Working RequestAdvanced RunStarted " +
            "Completed",
            Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task AMessageThatCrossesWithTheCompletionIsTheNextRequest()
    {
        var task = await One.SendAsync("hello");
        await RunMetByMessageAsync(
            task.Id, AgentUpdate.Complete() with { GoOnFrom = Encoding.UTF8.GetBytes("the end") }, AgentUpdate.SaveCheckpoint("early"));

        var next = ScriptedAgent.Saying(AgentUpdate.Artifact("a", "done"));
        await Other.RunAsync(next, task.Id);

        Assert.Equal(
            ("late", "the end", 1), (next.Seen!.Text, Encoding.UTF8.GetString(next.Seen.Checkpoint!.Value.Span), next.Seen.Attempt));
        Assert.Equal(
            "MessageReceived RunStarted CheckpointSaved MessageAdded RequestAdvanced RunStarted ArtifactUpdated Completed",
            Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableTheory]
    [MemberData(nameof(Questions))]
    public async Task AMessageThatCrossesWithAQuestionIsNoAnswerToItAndIsOfferedWithTheAnswer(AgentUpdate question, TaskState state)
    {
        var task = await One.SendAsync("hello");
        await RunMetByMessageAsync(task.Id, question);
        Assert.Equal(state, (await Other.ReadAsync(task.Id)).State);
        await Other.SendAsync("the answer", task.Id);

        var (agent, run, seen) = await BeginAsync(Other, task.Id);

        Assert.Equal("the answer", seen.Text);
        Assert.Equal(["hello", (await One.ReadAsync(task.Id)).Task.History![^2].Parts[0].Text, "the answer"], TextsOf(seen.History));
        Assert.Equal("late", await NextAsync(seen));
        agent.End();
        await run.WithinLimit("the run ends");
        Assert.Equal(TaskState.Completed, (await One.ReadAsync(task.Id)).State);
    }

    public static TheoryData<AgentUpdate, TaskState> Failures => new()
    {
        { AgentUpdate.Fail("no"), TaskState.Failed },
        { AgentUpdate.Reject("no"), TaskState.Rejected },
    };

    [SkippableTheory]
    [MemberData(nameof(Failures))]
    public async Task AMessageThatCrossesWithAFailureStaysInTheHistory(AgentUpdate failure, TaskState state)
    {
        var task = await One.SendAsync("hello");
        await RunMetByMessageAsync(task.Id, failure);
        var ended = await Other.ReadAsync(task.Id);
        Assert.Equal(state, ended.State);
        Assert.Equal(["hello", "late"], TextsOf(ended.Task.History!));
    }

    [SkippableFact]
    public async Task EachAppendThatIsMetByAMessageIsMadeAgainOnce()
    {
        var task = await One.SendAsync("hello");
        var (added, isMet) = (0, false);
        var met = EngineMet(async entry =>
        {
            isMet = entry.First > 2 && !isMet;
            if (isMet)
                await Other.SendAsync($"{++added}", task.Id);
        });
        var seen = new List<string?>();
        await met.RunAsync(new ScriptedAgent((running, _) => SayAsync(running)), task.Id).WithinLimit("the run ends");

        Assert.Equal(["1", "2", "3"], seen);
        Assert.Equal(
            "MessageReceived RunStarted MessageAdded ArtifactUpdated MessageAdded CheckpointSaved MessageAdded Working MessageAdded " +
            "RequestAdvanced",
            Describe.Kinds(await One.EventsAsync(task.Id)));
        var between = await Other.ReadAsync(task.Id);
        Assert.Equal(("4", 0, "x"), (between.Request.Parts[0].Text, between.Pending.Count, between.Task.Artifacts![0].Parts[0].Text));

        async IAsyncEnumerable<AgentUpdate> SayAsync(AgentContext running)
        {
            await Task.CompletedTask;
            foreach (var update in new AgentUpdate[] { AgentUpdate.Artifact("a", "x"), AgentUpdate.SaveCheckpoint("x"),
                AgentUpdate.Report("x") })
            {
                yield return update;
                while (running.NewMessages.TryRead(out var message))
                    seen.Add(message.Parts[0].Text);
            }
        }
    }

    [SkippableFact]
    public async Task ACancelBehindAMessageStillEndsTheRun()
    {
        var task = await One.SendAsync("hello");
        var met = EngineMet(async entry =>
        {
            if (entry.Events[^1] is not StatusChanged)
                return;
            await Other.SendAsync("late", task.Id);
            await Other.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task.Id }, default);
        });

        await met.RunAsync(ScriptedAgent.Saying(AgentUpdate.Complete()), task.Id).WithinLimit("the run ends");

        Assert.Equal("MessageReceived RunStarted MessageAdded Canceled", Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task AfterACrashOnlyWhatWasTakenSinceTheLastCheckpointIsOfferedAgain()
    {
        var task = await One.SendAsync("hello");
        var crashed = new TestEngine(Store, Queue, new ManualTimeProvider());
        var (lost, lostRun, lostSeen) = await BeginAsync(crashed, task.Id);
        foreach (var text in new[] { "kept", "again", "unread" })
            await Other.SendAsync(text, task.Id);
        Assert.Equal("kept", await NextAsync(lostSeen));
        await lost.SayAsync(AgentUpdate.SaveCheckpoint("1"));
        Assert.Equal("again", await NextAsync(lostSeen));
        await lost.SayAsync(AgentUpdate.Report("lost with the instance"));
        Time.Advance(TimeSpan.FromSeconds(60));

        var (agent, run, seen) = await BeginAsync(Other, task.Id);

        Assert.Equal(2, seen.Attempt);
        Assert.Contains("kept", TextsOf(seen.History));
        Assert.DoesNotContain("again", TextsOf(seen.History));
        Assert.Equal(("again", "unread"), (await NextAsync(seen), await NextAsync(seen)));
        agent.End();
        await run.WithinLimit("the run ends");
        lost.Say(AgentUpdate.Report("from the dead"));
        await lostRun.WithinLimit("the relieved run ends");
        Assert.Equal(TaskState.Completed, (await One.ReadAsync(task.Id)).State);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AHandOverPassesOnWhatItsCheckpointDoesNotCover(bool isLate)
    {
        var task = await One.SendAsync("hello");
        var (agent, run, seen) = await BeginAsync(One, task.Id);
        await Other.SendAsync("first", task.Id);
        Assert.Equal("first", await NextAsync(seen));
        await agent.SayAsync(AgentUpdate.SaveCheckpoint("early"));
        await Other.SendAsync("second", task.Id);
        Assert.Equal("second", await NextAsync(seen));
        if (isLate)
        {
            // It does not come to another checkpoint, so the next run begins at the early one.
            await agent.SayAsync(AgentUpdate.Report("busy"));
            Time.Advance(One.Settings.RunTimeLimit);
        }
        else
        {
            Time.Advance(One.Settings.RunTimeLimit - One.Settings.HandOverMargin);
            await seen.HandOverRequested.WhenCanceledAsync();
            await Other.SendAsync("third", task.Id);
            agent.Say(AgentUpdate.SaveCheckpoint("late"));
        }

        await run.WithinLimit("the run hands over");
        var (next, nextRun, nextSeen) = await BeginAsync(Other, task.Id);

        Assert.Equal(isLate ? "second" : "third", await NextAsync(nextSeen));
        Assert.Equal(isLate ? 2 : 3, nextSeen.History.Count(message => message.Role == Role.User));
        Assert.Equal(0, nextSeen.NewMessages.Count);
        next.End();
        await nextRun.WithinLimit("the run ends");
        Assert.Equal(TaskState.Completed, (await One.ReadAsync(task.Id)).State);
    }

    [SkippableFact]
    public async Task WhatWasTakenBeforeAQuestionIsNotOfferedAgain()
    {
        var task = await One.SendAsync("hello");
        var (agent, run, seen) = await BeginAsync(One, task.Id);
        await Other.SendAsync("and more", task.Id);
        await NextAsync(seen);
        agent.Say(AgentUpdate.Ask("who?"));
        agent.End();
        await run.WithinLimit("the run ends");
        await Other.SendAsync("me", task.Id);

        var next = ScriptedAgent.Saying();
        await Other.RunAsync(next, task.Id);

        Assert.Equal(["hello", "and more", "who?", "me"], TextsOf(next.Seen!.History));
        Assert.False(next.Seen.NewMessages.TryRead(out _));
        Assert.Equal(TaskState.Completed, (await One.ReadAsync(task.Id)).State);
    }

    [SkippableFact]
    public async Task AMessageThatComesAgainIsAddedOnce()
    {
        var task = await One.SendAsync("hello");
        var (agent, run, _) = await BeginAsync(One, task.Id);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(index =>
            Task.Run(() => (index % 2 == 0 ? One : Other).SendAsync("more", task.Id, messageId: "more"))));
        Assert.Equal("MessageReceived RunStarted MessageAdded", Describe.Kinds(await One.EventsAsync(task.Id)));
        agent.End();
        await run.WithinLimit("the run ends");
    }

    [SkippableFact]
    public async Task OfMessagesAndCompletionsAtOnceNothingIsLost()
    {
        for (var round = 0; round < 5; round++)
        {
            var task = await One.SendAsync("hello");
            var heard = new List<string?>();
            var (agent, run, seen) = await BeginAsync(One, task.Id);
            var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() =>
                Record.ExceptionAsync(() => (number % 2 == 0 ? One : Other).SendAsync($"{number}", task.Id)))));
            agent.End();
            await run.WithinLimit("the run ends");
            var refusals = await sending;
            for (var runs = 0; (await One.ReadAsync(task.Id)).State == TaskState.Working; runs++)
            {
                var next = ScriptedAgent.Saying();
                await Other.RunAsync(next, task.Id).WithinLimit("the next run ends");
                heard.Add(next.Seen!.Text);
            }

            Assert.Equal(refusals.Index().Where(sent => sent.Item is null).Select(sent => $"{sent.Index}"), heard.Order());
            Assert.All(refusals.OfType<Exception>(), refusal =>
                Assert.Equal(A2AError.UnsupportedOperation, Assert.IsType<A2AException>(refusal).Error));
        }
    }

    private static async Task<(PacedAgent Agent, Task Run, AgentContext Seen)> BeginAsync(TestEngine engine, string taskId)
    {
        var agent = new PacedAgent();
        var run = engine.RunAsync(agent, taskId);
        return (agent, run, await agent.Began);
    }

    private static async Task<string?> NextAsync(AgentContext seen) =>
        (await seen.NewMessages.ReadAsync().AsTask().WithinLimit("a message reaches the agent")).Parts[0].Text;

    private static IEnumerable<string?> TextsOf(IEnumerable<Message> messages) => messages.Select(message => message.Parts[0].Text);

    /// <summary>An instance where something happens just before each of its appends.</summary>
    private TestEngine EngineMet(Func<LogEntry, Task> before) =>
        new(new InterveningStore(Store, before), Queue, Time, new TaskOptions { GatherInterval = TimeSpan.Zero });

    /// <summary>A run whose last word is met by a message.</summary>
    private async Task RunMetByMessageAsync(string taskId, AgentUpdate last, params AgentUpdate[] updates)
    {
        var isMet = false;
        var met = EngineMet(async entry =>
        {
            if (isMet || entry.Events[^1] is not StatusChanged)
                return;
            isMet = true;
            await Other.SendAsync("late", taskId);
        });
        await met.RunAsync(ScriptedAgent.Saying([.. updates, last]), taskId).WithinLimit("the run ends");
    }
}
