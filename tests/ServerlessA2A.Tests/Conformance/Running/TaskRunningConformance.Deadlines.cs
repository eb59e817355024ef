using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Running;

/// <summary>Deadlines that clients set in the metadata of their requests.</summary>
public abstract partial class TaskRunningConformance
{
    private const string DeadlineText = "The task was not done by the deadline of its request, 2026-01-31T12:00:20Z.";

    [SkippableFact]
    public async Task ADeadlineEndsTheWorkAndKeepsWhatTheAgentHasProduced()
    {
        var task = await SendByAsync("\"2026-01-31T13:00:20+01:00\"");
        var (agent, run, seen) = await BeginAsync(One, task.Id);
        Assert.Equal(Time.GetUtcNow() + TimeSpan.FromSeconds(20), seen.Deadline);
        await agent.SayAsync(AgentUpdate.SaveCheckpoint("half"));
        await agent.SayAsync(AgentUpdate.Artifact("a", "the first half"));
        Time.Advance(TimeSpan.FromSeconds(20));
        await agent.Stopped;
        await run.WithinLimit("the run ends");

        var ended = (await One.ReadAsync(task.Id)).Task;
        Assert.Equal((TaskState.Failed, DeadlineText), (ended.Status.State, ended.Status.Message!.Parts[0].Text));
        Assert.Equal("the first half", Assert.Single(ended.Artifacts!).Parts[0].Text);
    }

    [SkippableFact]
    public async Task AnAgentThatNeverPausesIsStoppedByTheDeadlineToo()
    {
        var task = await SendByAsync("\"2026-01-31T12:00:20Z\"");
        await One.RunAsync(new ScriptedAgent((_, _) => EndlessAsync()), task.Id).WithinLimit("the run ends");

        Assert.Equal(DeadlineText, (await One.ReadAsync(task.Id)).Task.Status.Message!.Parts[0].Text);

        async IAsyncEnumerable<AgentUpdate> EndlessAsync()
        {
            for (var round = 0; ; round++)
            {
                if (round == 3)
                    Time.Advance(TimeSpan.FromSeconds(20));
                await Task.CompletedTask;
                yield return AgentUpdate.Append("a", "more");
            }
        }
    }

    [SkippableFact]
    public async Task ATaskWhoseDeadlinePassedBeforeItsRunFailsWithoutOne()
    {
        var task = await SendByAsync("\"2026-01-31T12:00:20Z\"");
        Time.Advance(TimeSpan.FromSeconds(20));
        var agent = ScriptedAgent.Saying(AgentUpdate.Complete());
        await Other.RunAsync(agent, task.Id);

        Assert.Equal(0, agent.Runs);
        Assert.Equal(DeadlineText, (await One.ReadAsync(task.Id)).Task.Status.Message!.Parts[0].Text);
        Assert.Equal("MessageReceived Failed", Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task AQuestionMeetsTheDeadlineAndItsAnswerSetsItsOwn()
    {
        var task = await SendByAsync("\"2026-01-31T12:00:20Z\"");
        await One.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("which?")), task.Id);
        Time.Advance(TimeSpan.FromSeconds(30));
        await One.SendAsync("this one", task.Id);
        var agent = ScriptedAgent.Saying(AgentUpdate.Complete());
        await Other.RunAsync(agent, task.Id);

        Assert.Null(agent.Seen!.Deadline);
        Assert.Equal(TaskState.Completed, (await One.ReadAsync(task.Id)).State);
    }

    [SkippableTheory]
    [InlineData("\"tomorrow\"")]
    [InlineData("1769860820")]
    [InlineData("\"\"")]
    [InlineData("\"\\ud800\"")]
    public async Task ADeadlineThatIsNoTimestampIsRejectedByName(string value)
    {
        var fault = await Assert.ThrowsAsync<A2AException>(() => SendByAsync(value));
        Assert.Equal("metadata.serverlessa2a.deadline", Assert.Single(fault.FieldViolations).Field);
    }

    private Task<A2ATask> SendByAsync(string deadline)
    {
        var request = TestEngine.Request("hello") with { Metadata = JsonElement.Parse($$"""{"{{Deadline.Key}}":{{deadline}}}""") };
        return One.Lifecycle.SendTaskAsync(TestEngine.Call(), request, default);
    }
}
