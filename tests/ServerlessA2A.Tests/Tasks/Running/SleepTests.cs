using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>A task whose agent waits for something without a run: when it runs again, and when it does not.</summary>
public class SleepTests : TaskEngineTests
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task ATaskSleepsUntilItsTimeIsOver()
    {
        var task = await RunAsync(AgentUpdate.Append("a", "1"), Sleep());
        Assert.Equal((TaskState.Working, null, Time.GetUtcNow() + TenMinutes), (task.State, task.Lease, task.SleepUntil));
        var next = ScriptedAgent.Saying();

        // A request that comes twice does not wake it, and neither does the sweep.
        await Engine.RunAsync(next, task.Id);
        Time.Advance(TenMinutes - TimeSpan.FromMilliseconds(1));
        await Engine.RunAsync(next, task.Id);
        Assert.Equal((0, 0), (next.Runs, await Engine.Sweeper.SweepAsync(default)));

        Time.Advance(TimeSpan.FromMilliseconds(1) + Engine.Settings.SweepDelay);
        Assert.Equal(1, await Engine.Sweeper.SweepAsync(default));
        await Engine.RunAsync(next, task.Id);

        Assert.Equal(("slept", 1), (Encoding.UTF8.GetString(next.Seen!.Checkpoint!.Value.Span), next.Seen.Attempt));
        var done = await Engine.ReadAsync(task.Id);
        Assert.Equal((TaskState.Completed, null), (done.State, done.SleepUntil));
        Assert.Equal("1", done.Task.Artifacts!.Single().Parts[0].Text);
    }

    [Fact]
    public async Task AMessageWakesTheTask()
    {
        var task = await RunAsync(Sleep());
        var published = Queue.Published.Count;

        await Engine.SendAsync("hurry up", task.Id);

        Assert.Equal(published + 1, Queue.Published.Count);
        var next = ScriptedAgent.Saying(AgentUpdate.Complete("done"));
        await Engine.RunAsync(next, task.Id);
        Assert.Equal(1, next.Runs);
    }

    [Fact]
    public async Task AMessageThatTheAgentLeavesUnreadDoesNotKeepTheTaskAwake()
    {
        var task = await RunAsync(Sleep());
        await Engine.SendAsync("hurry up", task.Id);

        await Engine.RunAsync(ScriptedAgent.Saying(Sleep()), task.Id);

        Assert.NotNull((await Engine.ReadAsync(task.Id)).SleepUntil);
    }

    [Fact]
    public async Task ItsWebhookWakesTheTaskAndIsHiddenFromClients()
    {
        Uri? webhook = null;
        var task = await Engine.RunNewAsync(new ScriptedAgent((context, _) =>
        {
            webhook = context.CreateWebhook();
            return new[] { (AgentUpdate)Sleep() }.ToAsyncEnumerable();
        }));
        var state = StateOf(webhook!);
        var published = Queue.Published.Count;

        Assert.Equal(CallbackOutcome.Accepted, await Engine.CallbackReception.WakeAsync(state, default));

        Assert.Equal(published + 1, Queue.Published.Count);
        var woken = await Engine.ReadAsync(task.Id);
        Assert.Null(woken.SleepUntil);
        Assert.Equal(Describe.Json(task.Task), Describe.Json(woken.Task));
        Assert.Null(TaskStreams.ToResponse(task.Id, "c", 9, default, new Woken()));
        await Engine.RunAsync(ScriptedAgent.Saying(), task.Id);
        Assert.Equal(CallbackOutcome.Ended, await Engine.CallbackReception.WakeAsync(state, default));
        Time.Advance(Engine.Settings.Retention);
        Assert.Equal(CallbackOutcome.Expired, await Engine.CallbackReception.WakeAsync(state, default));
    }

    [Fact]
    public async Task ACallDuringTheRunIsNotLost()
    {
        var agent = new PacedAgent();
        var task = await Engine.SendAsync("hello");
        var run = Engine.RunAsync(agent, task.Id);
        var webhook = (await agent.Began).CreateWebhook()!;
        var published = Queue.Published.Count;

        await Engine.CallbackReception.WakeAsync(StateOf(webhook), default);
        agent.Say(Sleep());
        await run.WithinLimit("the run ends");

        var woken = await Engine.ReadAsync(task.Id);
        Assert.Equal((null, null, TaskState.Working), (woken.SleepUntil, woken.Lease, woken.State));
        Assert.Equal(published + 1, Queue.Published.Count);
    }

    [Fact]
    public async Task ATaskDoesNotSleepBeyondItsClientsDeadline()
    {
        var deadline = Time.GetUtcNow() + TimeSpan.FromMinutes(3);
        var request = TestEngine.Request("hello") with
        {
            Metadata = System.Text.Json.JsonElement.Parse($$"""{"serverlessa2a.deadline":"{{deadline:O}}"}"""),
        };
        var task = await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, default);

        await Engine.RunAsync(ScriptedAgent.Saying(Sleep()), task.Id);

        Assert.Equal(deadline, (await Engine.ReadAsync(task.Id)).SleepUntil);
    }

    [Fact]
    public async Task ASleepOfNoTimeFailsTheTask()
    {
        var task = await RunAsync(AgentUpdate.Sleep(new byte[] { 1 }, TimeSpan.Zero));

        Assert.Equal(TaskState.Failed, task.State);
    }

    [Fact]
    public async Task TheAgentCleansUpAfterACancelThatNoRunSees()
    {
        var agent = new CleaningAgent();
        var task = await Engine.RunNewAsync(agent);
        await CancelAsync(task.Id);

        await Engine.RunAsync(agent, task.Id);

        Assert.Equal(["slept"], agent.Cleaned);
        Assert.Equal(TaskState.Canceled, (await Engine.ReadAsync(task.Id)).State);
    }

    [Fact]
    public async Task ACancelThatIsRepeatedRequestsTheCleanUpAgain()
    {
        var task = await Engine.RunNewAsync(new CleaningAgent());
        var published = Queue.Published.Count;

        await CancelAsync(task.Id);
        await CancelAsync(task.Id);

        Assert.Equal(published + 2, Queue.Published.Count);
    }

    [Fact]
    public async Task ACancelThatIsRepeatedIn0_3IsAnErrorAndRequestsTheCleanUpAgain()
    {
        var task = await Engine.RunNewAsync(new CleaningAgent());
        var published = Queue.Published.Count;
        var call = TestEngine.Call(version: ProtocolVersion.V0_3);

        await Engine.Lifecycle.CancelAsync(call, new() { Id = task.Id }, default);
        await RefusedAsync(A2AError.TaskNotCancelable, () => Engine.Lifecycle.CancelAsync(call, new() { Id = task.Id }, default));

        Assert.Equal(published + 2, Queue.Published.Count);
    }

    /// <summary>The worker that holds the task may have crashed: its run then sees no cancel.</summary>
    [Fact]
    public async Task TheAgentCleansUpAfterACancelAlsoWhereARunHoldsTheTask()
    {
        var working = new PacedAgent();
        var task = await Engine.SendAsync("hello");
        var run = Engine.RunAsync(working, task.Id);
        await working.SayAsync(AgentUpdate.SaveCheckpoint("saved"));
        var published = Queue.Published.Count;
        await CancelAsync(task.Id);
        Assert.Equal(published + 1, Queue.Published.Count);

        var agent = new CleaningAgent();
        await Engine.RunAsync(agent, task.Id);
        await run.WithinLimit("the run ends");

        Assert.Equal(["saved"], agent.Cleaned);
    }

    [Fact]
    public async Task NothingIsRequestedForACancelWithoutACheckpoint()
    {
        var task = await Engine.SendAsync("hello");
        var published = Queue.Published.Count;

        await CancelAsync(task.Id);

        Assert.Equal(published, Queue.Published.Count);
    }

    private static SleepUpdate Sleep() => AgentUpdate.Sleep("slept"u8.ToArray(), TenMinutes);

    private Task<A2ATask> CancelAsync(string taskId) => Engine.Lifecycle.CancelAsync(TestEngine.Call(), new() { Id = taskId }, default);

    private CallbackState StateOf(Uri webhook)
    {
        Assert.True(Engine.CallbackStates.TryRead(webhook.Query.Split("state=")[1], out var state));
        Assert.True(state!.IsWebhook);
        return state;
    }

    private sealed class CleaningAgent : IAgent
    {
        public List<string> Cleaned { get; } = [];

        public IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, CancellationToken cancellationToken) =>
            new[] { (AgentUpdate)Sleep() }.ToAsyncEnumerable();

        public Task CanceledAsync(AgentContext context, CancellationToken cancellationToken)
        {
            Cleaned.Add(Encoding.UTF8.GetString(context.Checkpoint!.Value.Span));
            return Task.CompletedTask;
        }
    }
}
