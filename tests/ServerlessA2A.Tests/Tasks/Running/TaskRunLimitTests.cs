using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>Agents that do not end: by waiting, by blocking their thread, or by blocking whoever tells them to stop.</summary>
public sealed class TaskRunLimitTests : TaskEngineTests, IDisposable
{
    private readonly ManualResetEventSlim _end = new();
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskOptions _options = new()
    {
        RunTimeLimit = TimeSpan.FromSeconds(10),
        HandOverMargin = TimeSpan.FromSeconds(2),
        StopGrace = TimeSpan.FromSeconds(5),
    };

    public TaskRunLimitTests() => Engine = EngineWith(_options);

    /// <summary>Lets the agents go that hang.</summary>
    public void Dispose()
    {
        _end.Set();
    }

    [Theory]
    [InlineData("waits")]
    [InlineData("blocks")]
    public async Task AnAgentThatHangsPastItsLimitFailsTheTaskAndIsLeftBehind(string how)
    {
        var (id, run) = await BeginAndHangAsync(new ScriptedAgent((_, _) => Hanging(how)));
        await PassTheLimitAsync();
        await Engine.WaitForAsync(id, taskEvent => taskEvent is StatusChanged { State: TaskState.Failed });
        await PassTheGraceAsync();
        await run.WithinLimit("the run ends without its agent");

        var task = await Engine.ReadAsync(id);
        Assert.Equal("The agent did not finish within its limit of 10 s and saved no checkpoint to continue from.", TextOf(task));
        Assert.Equal("busy", task.Task.Artifacts![0].Parts[0].Text);
        Assert.Contains(Engine.Logs.AtLeast(LogLevel.Warning), text => text.Contains("abandoned", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("waits")]
    [InlineData("blocks")]
    public async Task AnAgentThatHangsAfterACheckpointIsHandedOver(string how)
    {
        var (id, run) = await BeginAndHangAsync(new ScriptedAgent((_, _) => Hanging(how, AgentUpdate.SaveCheckpoint("x"))));
        await PassTheLimitAsync();
        await Engine.WaitForAsync(id, taskEvent => taskEvent is CheckpointSaved { HandOver: true });
        await PassTheGraceAsync();
        await run.WithinLimit("the run ends without its agent");

        Assert.Equal([id, id], Queue.Published);
        var next = ScriptedAgent.Saying();
        await Engine.RunAsync(next, id);
        Assert.Equal("x", System.Text.Encoding.UTF8.GetString(next.Seen!.Checkpoint!.Value.Span));
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(id)).State);
    }

    [Theory]
    [InlineData("waits")]
    [InlineData("blocks")]
    public async Task ACanceledTaskIsNotHeldUpByAnAgentThatHangs(string how)
    {
        var (id, run) = await BeginAndHangAsync(new ScriptedAgent((_, _) => Hanging(how)));
        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = id }, default);
        await PassTheGraceAsync();
        await run.WithinLimit("the run ends without its agent");
        Assert.Equal(TaskState.Canceled, (await Engine.ReadAsync(id)).State);
    }

    [Fact]
    public async Task AnAgentThatHangsAfterItsLastWordHoldsItUpForAMomentOnly()
    {
        var (id, run) = await BeginAndHangAsync(new ScriptedAgent((_, _) => Hanging("waits", AgentUpdate.Complete("done"))));
        await PassTheGraceAsync();
        await Engine.WaitForAsync(id, taskEvent => taskEvent is StatusChanged { State: TaskState.Completed });
        await PassTheGraceAsync();
        await run.WithinLimit("the run ends without its agent");
        Assert.Equal("done", TextOf(await Engine.ReadAsync(id)));
    }

    [Fact]
    public async Task AnAgentThatBlocksWhoeverTellsItToStopIsLeftBehind()
    {
        var (id, run) = await BeginAndHangAsync(
            new ScriptedAgent((_, cancellationToken) => BlockingWhenTold(blocking => cancellationToken.Register(blocking))));
        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = id }, default);
        await PassTheGraceAsync();
        await run.WithinLimit("the run ends without its agent");
    }

    [Fact]
    public async Task AnAgentThatBlocksWhoeverAsksForTheHandOverFailsTheTaskAtItsLimit()
    {
        var (id, run) = await BeginAndHangAsync(
            new ScriptedAgent((task, _) => BlockingWhenTold(blocking => task.HandOverRequested.Register(blocking))));
        await PassTheLimitAsync();
        await Engine.WaitForAsync(id, taskEvent => taskEvent is StatusChanged { State: TaskState.Failed });
        await PassTheGraceAsync();
        await run.WithinLimit("the run ends without its agent");
    }

    [Fact]
    public async Task AnAgentThatEndsBetweenTheHandOversRequestAndTheLimitIsNotHandedOver()
    {
        var agent = new PacedAgent();
        var (id, run) = await BeginAsync(agent);
        var task = await agent.Began;
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(8));
        Assert.False(task.HandOverRequested.IsCancellationRequested);
        Time.Advance(TimeSpan.FromSeconds(8));
        await task.HandOverRequested.WhenCanceledAsync();
        agent.End();
        await run.WithinLimit("the run ends");
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(id)).State);
        Assert.Equal([id], Queue.Published);
    }

    /// <summary>It is never waited for, and what is due is done all the same.</summary>
    [Fact]
    public async Task AnAgentThatNeverPausesIsStoppedAtItsLimitAndHeardUntilThen()
    {
        var (id, run) = await BeginAsync(new ScriptedAgent((_, _) => Chattering()));
        await Engine.WaitForAsync(id, taskEvent => taskEvent is StatusChanged { State: TaskState.Working });
        Time.Advance(_options.GatherInterval);
        await Engine.WaitForAsync(id, taskEvent => taskEvent is ArtifactUpdated);
        Time.Advance(_options.RunTimeLimit + _options.StopGrace);
        await run.WithinLimit("the run ends");
        Assert.Equal(TaskState.Failed, (await Engine.ReadAsync(id)).State);
    }

    [Fact]
    public async Task AnAgentThatNeverPausesKeepsItsLease()
    {
        Engine = EngineWith(new TaskOptions { RunTimeLimit = TimeSpan.FromHours(1) });
        var (id, run) = await BeginAsync(new ScriptedAgent((_, _) => Chattering()));
        for (var i = 0; i < 6; i++)
        {
            Time.Advance(Engine.Settings.LeaseDuration / 3);
            // Two more entries: between them the lease was looked after.
            var seq = (await Engine.ReadAsync(id)).Seq;
            await Store.WatchUntilAsync(id, seq, entry => entry.Last > seq);
            Time.Advance(Engine.Settings.GatherInterval);
            await Store.WatchUntilAsync(id, seq + 1, _ => true);
        }

        Assert.True((await Engine.ReadAsync(id)).Lease!.IsAlive(Time.GetUtcNow()));
        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = id }, default);
        Time.Advance(Engine.Settings.GatherInterval);
        await run.WithinLimit("the run ends");
    }

    private async Task<(string Id, Task Run)> BeginAsync(IAgent agent)
    {
        var id = (await Engine.SendAsync("hello")).Id;
        return (id, Engine.RunAsync(agent, id));
    }

    /// <summary>Begins a run, and waits until its agent hangs: then all that it has said before was dealt with.</summary>
    private async Task<(string Id, Task Run)> BeginAndHangAsync(IAgent agent)
    {
        var begun = await BeginAsync(agent);
        await _hangs.Task.WithinLimit("the agent hangs");
        return begun;
    }

    private async Task PassTheLimitAsync()
    {
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(8));
        Time.Advance(TimeSpan.FromSeconds(8));
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        Time.Advance(TimeSpan.FromSeconds(2));
    }

    private async Task PassTheGraceAsync()
    {
        await Time.WaitForTimerAsync(_options.StopGrace);
        Time.Advance(_options.StopGrace);
    }

    /// <summary>Says something, and then hangs whatever it is told.</summary>
    private async IAsyncEnumerable<AgentUpdate> Hanging(string how, AgentUpdate? update = null)
    {
        await Task.Yield();
        yield return AgentUpdate.Artifact("a", new string("busy"));
        yield return AgentUpdate.Report("note");
        if (update is not null)
            yield return update;
        _hangs.TrySetResult();
        if (how == "blocks")
            _end.Wait();
        else
            await Task.Run(_end.Wait);
    }

    private async IAsyncEnumerable<AgentUpdate> BlockingWhenTold(Action<Action> whenTold)
    {
        whenTold(_end.Wait);
        yield return AgentUpdate.Report("busy");
        _hangs.TrySetResult();
        await Task.Run(_end.Wait);
    }

    private static async IAsyncEnumerable<AgentUpdate> Chattering()
    {
        await Task.CompletedTask;
        yield return AgentUpdate.Report("begun");
        while (true)
            yield return AgentUpdate.Artifact("a", "x");
    }
}
