using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>Agents that throw.</summary>
public class TaskRunFailureTests : TaskEngineTests
{
    private const string Unexpected = "The agent failed unexpectedly; its operator finds the cause in the log, under the task's id.";

    [Fact]
    public async Task AnAgentExceptionFailsTheTaskWithItsText()
    {
        var task = await Engine.RunNewAsync(ScriptedAgent.Throwing(new AgentException("The model is out of quota.")));
        Assert.Equal((TaskState.Failed, "The model is out of quota."), (task.State, TextOf(task)));
    }

    [Fact]
    public async Task ATransientOneLeavesTheTaskToAnotherRunWithoutWaitingForTheLease()
    {
        var task = await Engine.SendAsync("hello");
        var passing = new AgentException("The model is out of quota.") { IsTransient = true };

        var thrown = await Assert.ThrowsAsync<AgentException>(
            () => Engine.RunAsync(ScriptedAgent.Throwing(passing, AgentUpdate.Append("a", "half")), task.Id));
        Assert.Same(passing, thrown);
        Assert.Equal(TaskState.Working, (await Engine.ReadAsync(task.Id)).State);
        Assert.Equal(LogLevel.Warning, Assert.Single(Engine.Logs.Entries, entry => entry.Exception is not null).Level);

        await Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Artifact("a", "whole")), task.Id).WithinLimit("the run ends");
        var done = await Engine.ReadAsync(task.Id);
        Assert.Equal((TaskState.Completed, "whole"), (done.State, Assert.Single(done.Task.Artifacts!).Parts[0].Text));
    }

    [Fact]
    public async Task ATransientOneOfTheLastRunFailsTheTaskWithItsText()
    {
        var task = await Engine.SendAsync("hello");
        var agent = ScriptedAgent.Throwing(new AgentException("The model is out of quota.") { IsTransient = true });

        for (var run = 1; run < Engine.Settings.MaxAttempts; run++)
            await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(agent, task.Id));
        await Engine.RunAsync(agent, task.Id).WithinLimit("the run ends");

        var failed = await Engine.ReadAsync(task.Id);
        Assert.Equal((TaskState.Failed, "The model is out of quota."), (failed.State, TextOf(failed)));
    }

    [Theory]
    [MemberData(nameof(Exceptions))]
    public async Task WhatElseAnAgentThrowsFailsTheTaskAndReachesTheLogOnly(Exception exception)
    {
        var task = await Engine.RunNewAsync(ScriptedAgent.Throwing(exception));
        Assert.Equal((TaskState.Failed, Unexpected), (task.State, TextOf(task)));
        Assert.DoesNotContain("secret", Describe.Json(task.Task), StringComparison.Ordinal);
        var logged = Assert.Single(Engine.Logs.Entries, entry => entry.Level == LogLevel.Error);
        Assert.Same(exception, logged.Exception);
        Assert.Contains(task.Id, logged.Text, StringComparison.Ordinal);
    }

    public static TheoryData<Exception> Exceptions =>
    [
        new InvalidOperationException("secret"),
        // Its own time-out, not the host's stop.
        new TaskCanceledException("secret"),
        // The engine's own words for clients are not the agent's.
        A2AException.TaskNotFound("secret"),
        new AggregateException("secret", new AgentException("secret")),
    ];

    [Fact]
    public async Task WhatWasSaidBeforeIsKept()
    {
        var task = await Engine.RunNewAsync(
            ScriptedAgent.Throwing(new AgentException("no"), AgentUpdate.Report("busy"), AgentUpdate.Artifact("a", "kept")));
        Assert.Equal(
            (TaskState.Failed, "kept", "busy"), (task.State, task.Task.Artifacts![0].Parts[0].Text, task.Task.History![^1].Parts[0].Text));
    }

    [Fact]
    public async Task WhatIsThrownAfterTheLastWordLeavesItAsItIs()
    {
        var task = await Engine.RunNewAsync(ScriptedAgent.Throwing(new InvalidOperationException("secret"), AgentUpdate.Complete("done")));
        Assert.Equal((TaskState.Completed, "done"), (task.State, TextOf(task)));
        Assert.Equal(LogLevel.Warning, Assert.Single(Engine.Logs.Entries, entry => entry.Exception is not null).Level);
    }

    [Fact]
    public async Task AnAgentThatThrowsBeforeItsFirstUpdateOrGivesNoneAtAllFailsTheTask()
    {
        foreach (var agent in new[]
        {
            new ScriptedAgent((_, _) => throw new InvalidOperationException("secret")),
            new ScriptedAgent((_, _) => null!),
        })
            Assert.Equal(Unexpected, TextOf(await Engine.RunNewAsync(agent)));
    }

    [Fact]
    public async Task WhatIsThrownWhileAnAgentIsPutAwayIsNobodysConcern()
    {
        // The rules were broken, so that the agent is put away in the middle.
        var task = await Engine.RunNewAsync(new ScriptedAgent((_, _) => ThrowingInTheEnd()));
        Assert.Equal(TaskState.Failed, task.State);
        Assert.Contains("instead of an update", TextOf(task), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAgentThatThrowsInItsCallbackOnBeingStoppedIsStoppedAllTheSame()
    {
        var task = await Engine.RunNewAsync(new ScriptedAgent((_, cancellationToken) => ThrowingWhenStopped(cancellationToken)));
        Assert.Equal(TaskState.Failed, task.State);
    }

    private static async IAsyncEnumerable<AgentUpdate> ThrowingInTheEnd()
    {
        try
        {
            await Task.Yield();
            yield return null!;
            yield return AgentUpdate.Complete();
        }
        finally
        {
            Throw();
        }
    }

    private static async IAsyncEnumerable<AgentUpdate> ThrowingWhenStopped(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.Register(Throw);
        yield return null!;
    }

    private static void Throw() => throw new InvalidOperationException("secret");
}
