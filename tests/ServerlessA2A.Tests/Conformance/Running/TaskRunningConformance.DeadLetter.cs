using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Running;

/// <summary>Requests that the queue has given up.</summary>
public abstract partial class TaskRunningConformance
{
    private const string GivenUp = "The task could not be run: every attempt to begin it failed.";

    [SkippableFact]
    public async Task ADeadLetterFailsATaskThatWaitsForAWorkerAndTellsWhy()
    {
        var waiting = (await One.SendAsync("hello")).Id;
        var lost = (await One.SendAsync("hello")).Id;
        await LoseRunAsync(lost, AgentUpdate.Artifact("a", "kept"));

        foreach (var id in new[] { waiting, lost })
        {
            await GiveUpAsync(id);
            var task = await Other.ReadAsync(id);
            Assert.Equal((TaskState.Failed, GivenUp), (task.State, task.Task.Status.Message!.Parts[0].Text));
            Assert.Contains(
                One.Logs.AtLeast(Microsoft.Extensions.Logging.LogLevel.Error), text => text.Contains(id, StringComparison.Ordinal));
        }

        Assert.Equal("a:kept", await TextsAsync(lost));
    }

    [SkippableFact]
    public async Task ADeadLetterThatComesAgainOrAtOnceIsOneFailure()
    {
        var task = await One.SendAsync("hello");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => GiveUpAsync(task.Id))));
        await GiveUpAsync(task.Id);
        Assert.Equal("MessageReceived Failed", Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task ADeadLetterForATaskWithALiveWorkerHasNoEffect()
    {
        var task = await One.SendAsync("hello");
        var agent = new PacedAgent();
        var run = Other.RunAsync(agent, task.Id);
        await agent.Began;

        await GiveUpAsync(task.Id);

        agent.End();
        await run.WithinLimit("the run ends");
        Assert.Equal("MessageReceived RunStarted Completed", Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task ADeadLetterForATerminalInterruptedOrMissingTaskHasNoEffect()
    {
        var asking = await One.RunNewAsync(ScriptedAgent.Saying(AgentUpdate.Ask("what?")));
        var ended = await One.RunNewAsync(ScriptedAgent.Saying());
        foreach (var id in new[] { asking.Id, ended.Id, TestEngine.NewId() })
            await GiveUpAsync(id);
        Assert.Equal("MessageReceived RunStarted InputRequired", Describe.Kinds(await One.EventsAsync(asking.Id)));
        Assert.Equal("MessageReceived RunStarted Completed", Describe.Kinds(await One.EventsAsync(ended.Id)));
    }

    [SkippableFact]
    public async Task ADeadLetterAndADeliveryAtOnceLeaveAFailureOrAResult()
    {
        for (var round = 0; round < 10; round++)
        {
            var task = await One.SendAsync("hello");
            var agent = ScriptedAgent.Saying();
            await Task.WhenAll(Task.Run(() => GiveUpAsync(task.Id)), Task.Run(() => Other.RunAsync(agent, task.Id)))
                .WithinLimit("both end");
            Assert.Equal(
                agent.Runs == 0 ? "MessageReceived Failed" : "MessageReceived RunStarted Completed",
                Describe.Kinds(await One.EventsAsync(task.Id)));
        }
    }

    [SkippableFact]
    public async Task RequestsThatComeAfterTheDeadLetterRunNothing()
    {
        var task = await One.SendAsync("hello");
        await GiveUpAsync(task.Id);
        var agent = ScriptedAgent.Saying();
        await One.RunAsync(agent, task.Id);
        await Other.RunAsync(agent, task.Id);
        Assert.Equal(0, agent.Runs);
    }

    private Task GiveUpAsync(string taskId) => One.RunnerOf(ScriptedAgent.Saying()).GiveUpAsync(new RunRequest(taskId), default);
}
