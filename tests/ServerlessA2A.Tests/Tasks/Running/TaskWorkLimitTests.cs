using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>Tasks that are run on and on.</summary>
public class TaskWorkLimitTests : TaskEngineTests
{
    private readonly TaskOptions _options = new() { WorkLimit = TimeSpan.FromHours(1) };

    public TaskWorkLimitTests() => Engine = EngineWith(_options);

    [Fact]
    public async Task ATaskThatIsHandedOverForEverFailsWhenItsLimitIsPassed()
    {
        var id = (await Engine.SendAsync("hello")).Id;
        // Runs of 500 s: the eighth is the last one that begins within the limit.
        for (var run = 1; run <= 8; run++)
        {
            await HandOverAsync(id);
            Assert.Equal(TaskState.Working, (await Engine.ReadAsync(id)).State);
        }

        var agent = ScriptedAgent.Saying();
        await Engine.RunAsync(agent, id);

        Assert.Equal(0, agent.Runs);
        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Failed, "The task was not done within 01:00:00 of its request."), (task.State, TextOf(task)));
        Assert.Contains(id, Assert.Single(Engine.Logs.AtLeast(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheLimitIsCountedFromTheClientsLastWord()
    {
        var task = await RunAsync(AgentUpdate.Ask("what?"));
        Time.Advance(2 * _options.WorkLimit);
        await Engine.SendAsync("this", task.Id);
        Time.Advance(_options.WorkLimit);
        await Engine.RunAsync(ScriptedAgent.Saying(), task.Id);
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(task.Id)).State);
    }

    [Fact]
    public async Task ATaskThatNobodyRanWithinItsLimitIsNotBegun()
    {
        var id = (await Engine.SendAsync("hello")).Id;
        Time.Advance(_options.WorkLimit + TimeSpan.FromMilliseconds(1));
        var agent = ScriptedAgent.Saying();
        await Engine.RunAsync(agent, id);
        Assert.Equal((0, TaskState.Failed), (agent.Runs, (await Engine.ReadAsync(id)).State));
    }

    /// <summary>A run to whose agent nothing comes to mind but a checkpoint, in the end.</summary>
    private async Task HandOverAsync(string id)
    {
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, id);
        await agent.Began;
        Time.Advance(_options.RunTimeLimit - _options.HandOverMargin);
        agent.Say(AgentUpdate.SaveCheckpoint("on and on"));
        await run.WithinLimit("the run hands over");
    }
}
