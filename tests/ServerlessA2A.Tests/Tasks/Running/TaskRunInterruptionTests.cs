using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>Runs that are cut off from outside: the store or the queue fails, the host stops, another hand writes.</summary>
public class TaskRunInterruptionTests : TaskEngineTests
{
    [Fact]
    public async Task AHostThatStopsWhileTheLeaseIsTakenKeepsNobodyElseAway()
    {
        using var host = new CancellationTokenSource();
        var task = await Engine.SendAsync("hello");
        var stopping = new TestEngine(new StoppingStore(Store, host), Queue, Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopping.RunAsync(ScriptedAgent.Waiting(), task.Id, host.Token));

        var next = ScriptedAgent.Saying();
        await Engine.RunAsync(next, task.Id);

        Assert.Equal(1, next.Runs);
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(task.Id)).State);
    }

    [Fact]
    public async Task AStoreThatFailsInTheMiddleEndsTheRunAndTheNextDeliveryGoesOnAtOnce()
    {
        Store.FailsAppend = entry => entry.Events.Any(taskEvent => taskEvent is CheckpointSaved);
        var task = await Engine.SendAsync("hello");
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, task.Id);
        agent.Say(AgentUpdate.SaveCheckpoint("x"));
        await Assert.ThrowsAsync<TaskStoreException>(() => run.WithinLimit("the run ends"));
        await agent.Stopped;
        Store.FailsAppend = _ => false;

        Assert.Equal(TaskState.Working, (await Engine.ReadAsync(task.Id)).State);
        var next = ScriptedAgent.Saying();
        await Engine.RunAsync(next, task.Id);
        Assert.Equal((1, 2), (next.Runs, next.Seen!.Attempt));
    }

    [Fact]
    public async Task AStoreThatFailsForTheReleaseTooTellsTheFirstFault()
    {
        (Store.FailsAppend, Store.FailsRenewal) = (entry => entry.First > 2, true);
        var task = await Engine.SendAsync("hello");
        await Assert.ThrowsAsync<TaskStoreException>(
            () => Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Report("x")), task.Id).WithinLimit("the run ends"));
        (Store.FailsAppend, Store.FailsRenewal) = (_ => false, false);
        // Then the lease runs out by itself.
        Time.Advance(Engine.Settings.LeaseDuration);
        await Engine.RunAsync(ScriptedAgent.Saying(), task.Id);
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(task.Id)).State);
    }

    [Fact]
    public async Task ALeaseThatCannotBeRenewedEndsTheRunForTheStoresFaultWhenItHasRunOut()
    {
        Store.FailsRenewal = true;
        var (task, agent, run) = await BeginAsync();
        await PassAsync(20);
        for (var tries = 0; tries < 6; tries++)
            await PassAsync(6);
        Assert.False(run.IsCompleted);
        // The last try is at the very end of the lease.
        await PassAsync(4);
        await Assert.ThrowsAsync<TaskStoreException>(() => run.WithinLimit("the run ends"));
        await agent.Stopped;

        Assert.Equal(TaskState.Working, (await Engine.ReadAsync(task)).State);
        Assert.Contains(task, Assert.Single(Engine.Logs.AtLeast(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARenewalThatFailsIsTriedAgainAndTheRunGoesOn()
    {
        Store.FailsRenewal = true;
        var (task, agent, run) = await BeginAsync();
        await PassAsync(20);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(6));
        Store.FailsRenewal = false;
        await PassAsync(6);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(Time.GetUtcNow() + Engine.Settings.LeaseDuration, (await Engine.ReadAsync(task)).Lease!.Until);
        agent.End();
        await run.WithinLimit("the run ends");
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(task)).State);
    }

    [Fact]
    public async Task WhatIsDueWithinAMillisecondIsNotWaitedForBusily()
    {
        Engine = EngineWith(new TaskOptions { LeaseDuration = TimeSpan.FromSeconds(1) });
        var (_, agent, run) = await BeginAsync();
        // A third of a second, in whole milliseconds: a delay is cut to those, and one of less is none.
        await Time.WaitForTimerAsync(TimeSpan.FromMilliseconds(334));
        agent.End();
        await run.WithinLimit("the run ends");
    }

    [Fact]
    public async Task ARenewalThatFailsForGoodEndsTheRunAtOnce()
    {
        (Store.FailsRenewal, Store.IsTransient) = (true, false);
        var (_, _, run) = await BeginAsync();
        await PassAsync(20);
        await Assert.ThrowsAsync<TaskStoreException>(() => run.WithinLimit("the run ends"));
    }

    [Fact]
    public async Task AWatchThatFailsIsBegunAgain()
    {
        Store.FailsWatch = true;
        var (task, agent, run) = await BeginAsync();
        await PassAsync(1);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Store.FailsWatch = false;
        await PassAsync(1);
        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task }, default);
        await agent.Stopped;
        await run.WithinLimit("the run ends");
        Assert.Contains(task, Assert.Single(Engine.Logs.AtLeast(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereTheWatchFailsARenewalFindsThatTheTaskHasGoneOn()
    {
        Store.FailsWatch = true;
        var (task, agent, run) = await BeginAsync();
        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task }, default);
        await Time.WaitForTimerAsync(Engine.Settings.LeaseDuration / 3);
        Time.Advance(Engine.Settings.LeaseDuration / 3);
        await agent.Stopped;
        await run.WithinLimit("the run ends");
    }

    [Fact]
    public async Task AWatchThatFailsForGoodEndsTheRunForTheStoresFault()
    {
        (Store.FailsWatch, Store.IsTransient) = (true, false);
        var (task, _, run) = await BeginAsync();
        await Assert.ThrowsAsync<TaskStoreException>(() => run.WithinLimit("the run ends"));
        Assert.Equal(TaskState.Working, (await Engine.ReadAsync(task)).State);
    }

    [Fact]
    public async Task ALastWordWhoseStoringWasNotConfirmedIsNotSaidTwice()
    {
        Store.LosesAnswer = entry => entry.Events[^1] is StatusChanged;
        var task = await Engine.SendAsync("hello");
        var agent = ScriptedAgent.Saying(AgentUpdate.Complete("done"));
        await Assert.ThrowsAsync<TaskStoreException>(() => Engine.RunAsync(agent, task.Id).WithinLimit("the run ends"));
        await Engine.RunAsync(agent, task.Id);
        Assert.Equal(1, agent.Runs);
        Assert.Equal("MessageReceived RunStarted Completed", Describe.Kinds(await Engine.EventsAsync(task.Id)));
    }

    [Fact]
    public async Task AHandOverWhosePublishFailedGoesOnWithTheNextDelivery()
    {
        Engine = EngineWith(new TaskOptions { RunTimeLimit = TimeSpan.FromSeconds(2), HandOverMargin = TimeSpan.FromSeconds(1) });
        var task = await Engine.SendAsync("hello");
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, task.Id);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Time.Advance(TimeSpan.FromSeconds(1));
        Queue.Fails = true;
        agent.Say(AgentUpdate.SaveCheckpoint("x"));
        await Assert.ThrowsAsync<TaskStoreException>(() => run.WithinLimit("the run ends"));
        await agent.Stopped;

        var next = ScriptedAgent.Saying();
        await Engine.RunAsync(next, task.Id);
        Assert.Equal(1, next.Seen!.Checkpoint!.Value.Length);
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(task.Id)).State);
    }

    [Fact]
    public async Task WhenTheHostStopsTheLeaseIsReleased()
    {
        using var host = new CancellationTokenSource();
        var task = await Engine.SendAsync("hello");
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, task.Id, host.Token);
        await agent.Began;
        await host.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WithinLimit("the run ends"));

        var next = ScriptedAgent.Saying();
        await Engine.RunAsync(next, task.Id);
        Assert.Equal(2, next.Seen!.Attempt);
    }

    [Theory]
    [InlineData("ends")]
    [InlineData("throws")]
    [InlineData("says done")]
    public async Task AnAgentThatObeysWhenTheHostStopsHasNotEndedItsTask(string how)
    {
        using var host = new CancellationTokenSource();
        var task = await Engine.SendAsync("hello");
        var began = new TaskCompletionSource();
        var run = Engine.RunAsync(new ScriptedAgent((_, cancellationToken) => Obeying(how, began, cancellationToken)), task.Id, host.Token);
        await began.Task;
        await host.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WithinLimit("the run ends"));
        Assert.Equal("MessageReceived RunStarted", Describe.Kinds(await Engine.EventsAsync(task.Id)));
    }

    [Fact]
    public async Task AHostThatStoppedBeforeTheRunBeganLeavesNothingBehind()
    {
        var task = await Engine.SendAsync("hello");
        var agent = ScriptedAgent.Saying(AgentUpdate.Complete());
        await Record.ExceptionAsync(
            () => Engine.RunAsync(agent, task.Id, new CancellationToken(canceled: true)).WithinLimit("the run ends"));
        await Engine.RunAsync(agent, task.Id);
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(task.Id)).State);
    }

    [Theory]
    [MemberData(nameof(AfterTheCancel))]
    public async Task WhatIsSaidAfterACancelIsRefusedAlsoWhereTheWatchIsLate(AgentUpdate[] updates)
    {
        var task = await Engine.SendAsync("hello");
        var late = new TestEngine(new DeafStore(Store), Queue, Time, new TaskOptions { GatherInterval = TimeSpan.Zero });
        var agent = new PacedAgent();
        var run = late.RunAsync(agent, task.Id);
        await agent.Began;
        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task.Id }, default);
        foreach (var update in updates)
            agent.Say(update);
        agent.End();
        await run.WithinLimit("the run ends");
        Assert.Equal("MessageReceived RunStarted Canceled", Describe.Kinds(await Engine.EventsAsync(task.Id)));
    }

    public static TheoryData<AgentUpdate[]> AfterTheCancel =>
    [
        [],
        [AgentUpdate.Complete()],
        [AgentUpdate.Report("busy")],
        [AgentUpdate.Artifact("a", "x")],
        [AgentUpdate.SaveCheckpoint("x")],
        [null!],
    ];

    [Fact]
    public async Task ARelievedRunThatOnlyRenewsNoticesIt()
    {
        var task = await Engine.SendAsync("hello");
        var late = new TestEngine(new DeafStore(Store), Queue, Time);
        var run = late.RunAsync(ScriptedAgent.Waiting(), task.Id);
        await Time.WaitForTimerAsync(Engine.Settings.LeaseDuration / 3);
        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task.Id }, default);
        Time.Advance(Engine.Settings.LeaseDuration / 3);
        await run.WithinLimit("the run ends");
    }

    private async Task<(string Id, PacedAgent Agent, Task Run)> BeginAsync()
    {
        var id = (await Engine.SendAsync("hello")).Id;
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, id);
        await agent.Began;
        return (id, agent, run);
    }

    /// <summary>Lets so many seconds pass when the run waits for just that.</summary>
    private async Task PassAsync(int seconds)
    {
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
        Time.Advance(TimeSpan.FromSeconds(seconds));
    }

    private static async IAsyncEnumerable<AgentUpdate> Obeying(
        string how, TaskCompletionSource began,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        began.SetResult();
        await cancellationToken.WhenCanceledAsync();
        if (how == "throws")
            throw new AgentException("I was stopped.");
        if (how == "says done")
            yield return AgentUpdate.Complete("as far as I came");
    }

    /// <summary>A store whose watch hears nothing.</summary>
    private sealed class DeafStore(ITaskStore inner) : DelegatingTaskStore(inner)
    {
        public override async Task<TaskSnapshot?> WaitForRunChangeAsync(
            string taskId, string runId, int knownMessages, CancellationToken cancellationToken)
        {
            await cancellationToken.WhenCanceledAsync();
            return null;
        }
    }

    /// <summary>Stops the host when the first entry is stored, and before its writer knows.</summary>
    private sealed class StoppingStore(ITaskStore inner, CancellationTokenSource host) : DelegatingTaskStore(inner)
    {
        public override async ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken)
        {
            var outcome = await base.AppendAsync(entry, cancellationToken);
            await host.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return outcome;
        }
    }
}
