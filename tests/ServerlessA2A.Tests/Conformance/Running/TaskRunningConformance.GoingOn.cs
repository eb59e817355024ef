using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Running;

public abstract partial class TaskRunningConformance
{
    public static TheoryData<AgentUpdate, TaskState> Questions => new()
    {
        { AgentUpdate.Ask("who?"), TaskState.InputRequired },
        { AgentUpdate.RequireAuthorization([Part.FromText("sign in")]), TaskState.AuthRequired },
    };

    [SkippableTheory]
    [MemberData(nameof(Questions))]
    public async Task AnInterruptedTaskGoesOnWithTheClientsAnswer(AgentUpdate question, TaskState state)
    {
        var task = await One.SendAsync("hello");
        await TakeAsync();
        await One.RunAsync(ScriptedAgent.Saying(AgentUpdate.Artifact("a", "so far"), question), task.Id);
        Assert.Equal(state, (await Other.ReadAsync(task.Id)).State);

        var answered = await Other.SendAsync("me", task.Id);
        Assert.Equal(TaskState.Submitted, answered.Status.State);
        Assert.Equal(task.Id, (await TakeAsync()).TaskId);
        var agent = ScriptedAgent.Saying(AgentUpdate.Complete("thanks"));
        await Other.RunAsync(agent, task.Id);

        Assert.Equal("me", agent.Seen!.Text);
        Assert.Equal([Role.User, Role.Agent, Role.User], agent.Seen.History.Select(message => message.Role));
        Assert.Equal("so far", agent.Seen.Artifacts[0].Parts[0].Text);
        Assert.Equal((1, task.ContextId), (agent.Seen.Attempt, agent.Seen.ContextId));
        Assert.Equal(
            $"MessageReceived RunStarted ArtifactUpdated {state} MessageReceived RunStarted Completed",
            Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task OfTwoAnswersAtOnceOneIsTheRequestAndTheOtherIsAddedToIt()
    {
        var task = await One.SendAsync("hello");
        await One.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("who?")), task.Id);

        var answers = await Task.WhenAll(new[] { One, Other }.Select(engine =>
            Task.Run(() => engine.SendAsync("me", task.Id))));

        Assert.All(answers, answer => Assert.Equal(TaskState.Submitted, answer.Status.State));
        Assert.Equal(
            "MessageReceived RunStarted InputRequired MessageReceived MessageAdded", Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task AnAnswerThatComesAgainIsTakenOnce()
    {
        var task = await One.SendAsync("hello");
        await One.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("who?")), task.Id);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(index =>
            Task.Run(() => (index % 2 == 0 ? One : Other).SendAsync("me", task.Id, messageId: "answer"))));
        Assert.All(answers, answer => Assert.Equal(TaskState.Submitted, answer.Status.State));
        Assert.Equal("MessageReceived RunStarted InputRequired MessageReceived", Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task ALateRequestOfTheFirstTurnRunsTheSecondAndItsOwnHasNothingLeftToDo()
    {
        var task = await One.SendAsync("hello");
        await One.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("who?")), task.Id);
        await One.SendAsync("me", task.Id);

        var agent = ScriptedAgent.Saying();
        await Other.RunAsync(agent, task.Id);
        await One.RunAsync(agent, task.Id);

        Assert.Equal(1, agent.Runs);
    }

    [SkippableFact]
    public async Task WhenItsTimeIsNearlyOverARunHandsOverAtTheNextCheckpoint()
    {
        var task = await One.SendAsync("hello");
        await TakeAsync();
        var agent = new PacedAgent();
        var run = One.RunAsync(agent, task.Id);
        var seen = await agent.Began;
        await agent.SayAsync(AgentUpdate.SaveCheckpoint("early"));
        await agent.SayAsync(AgentUpdate.Append("a", "first "));
        Time.Advance(One.Settings.RunTimeLimit - One.Settings.HandOverMargin);
        await seen.HandOverRequested.WhenCanceledAsync();
        agent.Say(AgentUpdate.SaveCheckpoint("late"));
        await run.WithinLimit("the run hands over");

        var between = await One.ReadAsync(task.Id);
        Assert.Equal((TaskState.Working, null, 0), (between.State, between.Lease, between.Attempts));
        Assert.Equal(task.Id, (await TakeAsync()).TaskId);
        var next = ScriptedAgent.Saying(AgentUpdate.Append("a", "second", lastChunk: true));
        await Other.RunAsync(next, task.Id);

        Assert.Equal("late", Encoding.UTF8.GetString(next.Seen!.Checkpoint!.Value.Span));
        Assert.Equal(1, next.Seen.Attempt);
        var ended = await One.ReadAsync(task.Id);
        Assert.Equal((TaskState.Completed, "first second"), (ended.State, ended.Task.Artifacts![0].Parts[0].Text));
    }

    [SkippableFact]
    public async Task AfterACrashTheNextRunGoesOnFromTheLastCheckpoint()
    {
        var task = await One.SendAsync("hello");
        var crashed = new TestEngine(Store, Queue, new ManualTimeProvider());
        var lost = new PacedAgent();
        var lostRun = crashed.RunAsync(lost, task.Id);
        await lost.SayAsync(AgentUpdate.Append("a", "kept "));
        await lost.SayAsync(AgentUpdate.SaveCheckpoint("1"));
        await lost.SayAsync(AgentUpdate.Append("a", "lost with the instance"));
        Time.Advance(TimeSpan.FromSeconds(60));

        var agent = ScriptedAgent.Saying(AgentUpdate.Append("a", "made again"));
        await Other.RunAsync(agent, task.Id);

        Assert.Equal("1", Encoding.UTF8.GetString(agent.Seen!.Checkpoint!.Value.Span));
        Assert.Equal(2, agent.Seen.Attempt);
        await lostRun.WithinLimit("the relieved run ends");
        Assert.Equal("kept made again", (await One.ReadAsync(task.Id)).Task.Artifacts![0].Parts[0].Text);
    }

    [SkippableFact]
    public async Task RunsThatComeToNothingAreCountedAndInTheEndTheTaskFails()
    {
        var task = await One.SendAsync("hello");
        for (var attempt = 1; attempt <= One.Settings.MaxAttempts; attempt++)
        {
            using var host = new CancellationTokenSource();
            var interrupted = new PacedAgent();
            var run = One.RunAsync(interrupted, task.Id, host.Token);
            Assert.Equal(attempt, (await interrupted.Began.WithinLimit("the agent begins")).Attempt);
            await host.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WithinLimit("the run ends with its host"));
        }

        var last = ScriptedAgent.Saying();
        await Other.RunAsync(last, task.Id).WithinLimit("the last delivery ends without a run");

        var failed = await Other.ReadAsync(task.Id);
        Assert.Equal(0, last.Runs);
        Assert.Equal(TaskState.Failed, failed.State);
        Assert.Equal("The task was begun 5 times without a result.", failed.Task.Status.Message!.Parts[0].Text);
    }
}
