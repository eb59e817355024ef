using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Operations;

public class TaskLifecycleCancelTests : TaskEngineTests
{
    [Fact]
    public async Task ATaskIsCanceledBeforeItIsRunAndThenNeverRuns()
    {
        var task = await Engine.SendAsync("hello");
        Assert.Equal(TaskState.Canceled, (await CancelAsync(task.Id)).Status.State);
        var agent = ScriptedAgent.Saying();
        await Engine.RunAsync(agent, task.Id);
        Assert.Equal(0, agent.Runs);
    }

    [Fact]
    public async Task ATaskThatWaitsForItsClientIsCanceled() =>
        Assert.Equal(TaskState.Canceled, (await CancelAsync((await RunAsync(AgentUpdate.Ask("what?"))).Id)).Status.State);

    [Fact]
    public async Task CancelingTwiceAnswersTheSameAndIsOneEvent()
    {
        var task = await Engine.SendAsync("hello");
        Assert.Equal(Describe.Json(await CancelAsync(task.Id)), Describe.Json(await CancelAsync(task.Id)));
        Assert.Equal("MessageReceived Canceled", Describe.Kinds(await Engine.EventsAsync(task.Id)));
    }

    [Fact]
    public async Task CancelingTwiceIsAnErrorInTheOlderVersion()
    {
        var task = await Engine.SendAsync("hello");
        var call = TestEngine.Call() with { Version = ProtocolVersion.V0_3 };
        var request = new CancelTaskRequest { Id = task.Id };
        Assert.Equal(TaskState.Canceled, (await Engine.Lifecycle.CancelAsync(call, request, default)).Status.State);
        await RefusedAsync(A2AError.TaskNotCancelable, () => Engine.Lifecycle.CancelAsync(call, request, default));
    }

    [Fact]
    public async Task ATaskThatHasEndedCannotBeCanceled()
    {
        foreach (var last in new AgentUpdate[] { AgentUpdate.Complete(), AgentUpdate.Fail("no"), AgentUpdate.Reject("no") })
        {
            var task = await RunAsync(last);
            await RefusedAsync(A2AError.TaskNotCancelable, () => CancelAsync(task.Id));
        }
    }

    [Fact]
    public async Task ATaskThatIsUnknownOrAnothersIsNotFound()
    {
        var task = await Engine.SendAsync("hello");
        await RefusedAsync(A2AError.TaskNotFound, () => CancelAsync("unknown"));
        await RefusedAsync(
            A2AError.TaskNotFound, () =>
            Engine.Lifecycle.CancelAsync(TestEngine.Call("bob"), new CancelTaskRequest { Id = task.Id }, default));
        Assert.Equal(TaskState.Submitted, (await Engine.ReadAsync(task.Id)).State);
    }

    [Fact]
    public async Task TheCancelsMetadataJoinsTheTasks()
    {
        var task = await Engine.SendAsync("hello");
        var canceled = await Engine.Lifecycle.CancelAsync(
            TestEngine.Call(), new CancelTaskRequest { Id = task.Id, Metadata = JsonElement.Parse("""{"why":"late"}""") }, default);
        Assert.Equal("""{"why":"late"}""", canceled.Metadata!.Value.GetRawText());
    }

    [Fact]
    public async Task ACancelThatMeetsAnotherEntryLooksAgain()
    {
        var task = await Engine.SendAsync("hello");
        var agent = new PacedAgent();
        var run = Engine.RunAsync(agent, task.Id);
        await agent.Began;
        // Between the cancel's read and its append a chunk comes in: the first append conflicts.
        var interrupting = new InterruptingStore(Store, () => agent.SayAsync(AgentUpdate.Report("busy")));
        var other = new TestEngine(interrupting, Queue, Time);
        var canceled = await other.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task.Id }, default);
        Assert.Equal(TaskState.Canceled, canceled.Status.State);
        await run.WithinLimit("the run ends");
        Assert.Equal("MessageReceived RunStarted Working Canceled", Describe.Kinds(await Engine.EventsAsync(task.Id)));
    }

    [Fact]
    public async Task ACancelThatComesSecondToTheLastWordIsRefused()
    {
        var task = await Engine.SendAsync("hello");
        var interrupting = new InterruptingStore(Store, () => Engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Complete()), task.Id));
        var other = new TestEngine(interrupting, Queue, Time);
        await RefusedAsync(
            A2AError.TaskNotCancelable, () =>
            other.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task.Id }, default));
        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(task.Id)).State);
    }

    private Task<A2ATask> CancelAsync(string id) =>
        Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = id }, default);

    /// <summary>Does something right before the first append.</summary>
    private sealed class InterruptingStore(ITaskStore inner, Func<Task> interruption) : DelegatingTaskStore(inner)
    {
        private Func<Task>? _interruption = interruption;

        public override async ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _interruption, null) is { } interrupt)
                await interrupt();
            return await base.AppendAsync(entry, cancellationToken);
        }
    }
}
