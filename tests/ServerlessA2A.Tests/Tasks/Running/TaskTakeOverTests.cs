using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>What happens to the log while a take-over reads it. What a take-over takes back is in the conformance suite.</summary>
public class TaskTakeOverTests : TaskEngineTests
{
    [Fact]
    public async Task ATaskThatGoesOnWhileItsLogIsReadIsLookedAtAgain()
    {
        var id = await LoseRunAsync();
        var agent = ScriptedAgent.Saying();
        await EngineReading((_, _) => Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = id }, default))
            .RunAsync(agent, id);
        Assert.Equal(0, agent.Runs);
        Assert.Equal("MessageReceived RunStarted ArtifactUpdated Canceled", Describe.Kinds(await Engine.EventsAsync(id)));
    }

    [Fact]
    public async Task OfTwoTakeOversAtOnceOneTakesBackAndTheOtherHasNoEffect()
    {
        var id = await LoseRunAsync();
        var other = new PacedAgent();
        var otherRun = Task.CompletedTask;
        var agent = ScriptedAgent.Saying();
        await EngineReading(async (_, _) =>
        {
            otherRun = Engine.RunAsync(other, id);
            await other.Began;
        }).RunAsync(agent, id);
        other.End();
        await otherRun.WithinLimit("the run ends");
        Assert.Equal(0, agent.Runs);
        Assert.Equal("MessageReceived RunStarted ArtifactUpdated RunStarted Completed", Describe.Kinds(await Engine.EventsAsync(id)));
    }

    [Fact]
    public async Task NothingIsAppendedOnWhatWasReadInPart()
    {
        var id = await LoseRunAsync();
        var agent = ScriptedAgent.Saying();
        await Assert.ThrowsAsync<TaskStoreException>(() => EngineReading((_, _) => Task.CompletedTask, entries: 1).RunAsync(agent, id));

        using var host = new CancellationTokenSource();
        var stopped = EngineReading((_, _) => host.CancelAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped.RunAsync(agent, id, host.Token));

        Assert.Equal(0, agent.Runs);
        Assert.Equal("MessageReceived RunStarted ArtifactUpdated", Describe.Kinds(await Engine.EventsAsync(id)));
    }

    [Fact]
    public async Task WhereThereIsNothingToTakeBackTheLogIsNotRead()
    {
        var id = (await Engine.SendAsync("hello")).Id;
        using var host = new CancellationTokenSource();
        var lost = new PacedAgent();
        var run = Engine.RunAsync(lost, id, host.Token);
        await lost.SayAsync(AgentUpdate.SaveCheckpoint("x"));
        await host.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WithinLimit("the run ends"));

        await EngineReading((_, _) => throw new InvalidOperationException("The log is read.")).RunAsync(ScriptedAgent.Saying(), id);

        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(id)).State);
    }

    /// <summary>A task whose run has said something and was stopped by its host.</summary>
    private async Task<string> LoseRunAsync()
    {
        var id = (await Engine.SendAsync("hello")).Id;
        using var host = new CancellationTokenSource();
        var agent = new PacedAgent();
        var run = EngineWith(new TaskOptions { GatherInterval = TimeSpan.Zero }).RunAsync(agent, id, host.Token);
        await agent.SayAsync(AgentUpdate.Artifact("a", "lost"));
        await host.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WithinLimit("the run ends"));
        return id;
    }

    private TestEngine EngineReading(Func<string, long, Task> before, int entries = int.MaxValue) =>
        new(new InterruptedReading(Store, before, entries), Queue, Time);

    /// <summary>A store where something happens before a log is read, of which only so many entries are found.</summary>
    private sealed class InterruptedReading(ITaskStore inner, Func<string, long, Task> before, int entries) : DelegatingTaskStore(inner)
    {
        public override async IAsyncEnumerable<LogEntry> WatchAsync(
            string taskId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await before(taskId, after);
            await foreach (var entry in base.WatchAsync(taskId, after, cancellationToken).Take(entries))
                yield return entry;
        }
    }
}
