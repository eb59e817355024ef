using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Running;

/// <summary>
/// What comes of tasks on a store and a queue when several instances work with them, which share nothing else: leases, take-overs,
/// cancels, hand-overs and requests that are delivered twice, late or out of order.
/// </summary>
public abstract partial class TaskRunningConformance : IAsyncLifetime
{
    private readonly List<(CancellationTokenSource End, Task Run)> _lostRuns = [];

    protected ManualTimeProvider Time { get; } = new();

    private ITaskStore Store { get; set; } = null!;

    private ITakingQueue Queue { get; set; } = null!;

    /// <summary>An instance, and another one.</summary>
    private TestEngine One { get; set; } = null!;

    private TestEngine Other { get; set; } = null!;

    /// <summary>A store of the kind, empty or shared with other tests.</summary>
    protected abstract Task<ITaskStore> CreateStoreAsync(TimeProvider time);

    /// <summary>A queue of the kind, in which no other test's requests are.</summary>
    protected abstract Task<ITakingQueue> CreateQueueAsync();

    public virtual async Task InitializeAsync()
    {
        Store = await CreateStoreAsync(Time);
        Queue = await CreateQueueAsync();
        One = new TestEngine(Store, Queue, Time);
        Other = new TestEngine(Store, Queue, Time);
    }

    /// <summary>Ends the runs that were lost: they would read the store while later tests count what is read.</summary>
    public virtual async Task DisposeAsync()
    {
        foreach (var (end, _) in _lostRuns)
            await end.CancelAsync();
        // Each is canceled, superseded or failed: which of them does not matter.
        await Task.WhenAny(Task.WhenAll(_lostRuns.Select(lost => lost.Run))).WithinLimit("the lost runs end");
        foreach (var (end, _) in _lostRuns)
            end.Dispose();
    }

    [SkippableFact]
    public async Task ASendIsDeliveredAndItsRunEndsTheTask()
    {
        var task = await One.SendAsync("hello");
        var delivered = await TakeAsync();
        Assert.Equal(task.Id, delivered.TaskId);

        await Other.RunnerOf(ScriptedAgent.Saying(AgentUpdate.Artifact("a", "done"))).RunAsync(delivered, default);

        Assert.Equal("MessageReceived RunStarted ArtifactUpdated Completed", Describe.Kinds(await One.EventsAsync(task.Id)));
        var ended = await One.Lifecycle.GetAsync(TestEngine.Call(), new GetTaskRequest { Id = task.Id }, default);
        Assert.Equal(TaskState.Completed, ended.Status.State);
        Assert.Equal("done", Assert.Single(ended.Artifacts!).Parts[0].Text);
        Assert.Null((await One.ReadAsync(task.Id)).Lease);
    }

    [SkippableFact]
    public async Task ATaskThatALiveWorkerHoldsIsNotRunAgain()
    {
        var task = await One.SendAsync("hello");
        var agent = new PacedAgent();
        var run = One.RunAsync(agent, task.Id);
        await agent.Began;

        var second = ScriptedAgent.Saying();
        await Other.RunAsync(second, task.Id);

        Assert.Equal(0, second.Runs);
        agent.End();
        await run.WithinLimit("the run ends");
        Assert.Equal("MessageReceived RunStarted Completed", Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task OfManyDeliveriesAtOnceOneRuns()
    {
        var task = await One.SendAsync("hello");
        var agent = ScriptedAgent.Saying(AgentUpdate.Artifact("a", "done"));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(index => Task.Run(() => (index % 2 == 0 ? One : Other).RunAsync(agent, task.Id))))
            .WithinLimit("all runs end");
        Assert.Equal(1, agent.Runs);
        Assert.Equal("MessageReceived RunStarted ArtifactUpdated Completed", Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task ADeliveryForATerminalInterruptedOrMissingTaskHasNoEffect()
    {
        var agent = ScriptedAgent.Saying();
        var ended = await One.SendAsync("hello");
        await One.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = ended.Id }, default);
        var asking = await One.SendAsync("hello");
        await One.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("what?")), asking.Id);

        foreach (var id in new[] { ended.Id, asking.Id, TestEngine.NewId() })
            await Other.RunAsync(agent, id);

        Assert.Equal(0, agent.Runs);
        Assert.Equal("MessageReceived Canceled", Describe.Kinds(await One.EventsAsync(ended.Id)));
        Assert.Equal("MessageReceived RunStarted InputRequired", Describe.Kinds(await One.EventsAsync(asking.Id)));
    }

    [SkippableFact]
    public async Task ALiveWorkerKeepsItsLeaseHoweverLongItWorks()
    {
        var options = new TaskOptions { RunTimeLimit = TimeSpan.FromHours(1) };
        var worker = new TestEngine(Store, Queue, Time, options);
        var task = await worker.SendAsync("hello");
        var agent = new PacedAgent();
        var run = worker.RunAsync(agent, task.Id);
        await agent.Began;
        var intruder = ScriptedAgent.Saying();
        for (var i = 0; i < 15; i++)
        {
            await Time.WaitForTimerAsync(options.LeaseDuration / 3);
            Time.Advance(options.LeaseDuration / 3);
            var until = Time.GetUtcNow() + options.LeaseDuration;
            // The next timer is set when the lease was renewed.
            await Time.WaitForTimerAsync(options.LeaseDuration / 3);
            Assert.Equal(until, (await One.ReadAsync(task.Id)).Lease!.Until);
            // A note rewrites the snapshot, and must not set the lease back.
            await agent.SayAsync(AgentUpdate.Report($"{i}"));
            Assert.Equal(until, (await One.ReadAsync(task.Id)).Lease!.Until);
            await Other.RunAsync(intruder, task.Id);
        }

        Assert.Equal(0, intruder.Runs);
        agent.End();
        await run.WithinLimit("the run ends");
        Assert.Equal(TaskState.Completed, (await One.ReadAsync(task.Id)).State);
    }

    [SkippableFact]
    public async Task AWorkerThatIsSilentForTooLongIsRelievedAndCanSayNothingMore()
    {
        // An instance that was frozen: its clock stands.
        var frozen = new TestEngine(Store, Queue, new ManualTimeProvider());
        var task = await One.SendAsync("hello");
        var zombie = new PacedAgent();
        var zombieRun = frozen.RunAsync(zombie, task.Id);
        await zombie.SayAsync(AgentUpdate.Report("begun"));
        Time.Advance(TimeSpan.FromSeconds(60));

        var agent = new PacedAgent();
        var run = Other.RunAsync(agent, task.Id);
        Assert.Equal(2, (await agent.Began).Attempt);
        zombie.Say(AgentUpdate.Artifact("a", "from the dead"));
        zombie.Say(AgentUpdate.Complete());
        zombie.End();
        await zombieRun.WithinLimit("the relieved run ends");
        await agent.SayAsync(AgentUpdate.Artifact("a", "alive"));
        agent.End();
        await run.WithinLimit("the run ends");

        Assert.Equal(
            "MessageReceived RunStarted Working RunStarted ArtifactUpdated Completed", Describe.Kinds(await One.EventsAsync(task.Id)));
        Assert.Equal("alive", (await One.ReadAsync(task.Id)).Task.Artifacts![0].Parts[0].Text);
    }

    [SkippableFact]
    public async Task ACancelFromAnotherInstanceStopsTheAgent()
    {
        var task = await One.SendAsync("hello");
        var agent = new PacedAgent();
        var run = One.RunAsync(agent, task.Id);
        await agent.SayAsync(AgentUpdate.Report("busy"));

        var canceled = await Other.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task.Id }, default);

        Assert.Equal(TaskState.Canceled, canceled.Status.State);
        await agent.Stopped;
        await run.WithinLimit("the run ends");
        Assert.Equal("MessageReceived RunStarted Working Canceled", Describe.Kinds(await One.EventsAsync(task.Id)));
    }

    [SkippableFact]
    public async Task ACancelAndALastWordAtOnceLeaveOneOfThem()
    {
        for (var round = 0; round < 10; round++)
        {
            var task = await One.SendAsync("hello");
            var agent = new PacedAgent();
            var run = One.RunAsync(agent, task.Id);
            await agent.Began;
            var canceling = Task.Run(() => Other.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task.Id }, default));
            agent.End();
            await run.WithinLimit("the run ends");

            var refusal = await Record.ExceptionAsync(() => canceling);
            var ended = await One.ReadAsync(task.Id);
            Assert.Equal(refusal is null ? TaskState.Canceled : TaskState.Completed, ended.State);
            Assert.True(refusal is null or A2AException { Error.Name: "TaskNotCancelable" });
            Assert.Single(await One.EventsAsync(task.Id), taskEvent => taskEvent is StatusChanged);
        }
    }

    [SkippableFact]
    public async Task ASendThatIsRepeatedOnAllInstancesMakesOneTaskThatRunsOnce()
    {
        var request = TestEngine.Request("hello", messageId: "m");
        var tasks = await Task.WhenAll(Enumerable.Range(0, 10).Select(index =>
            Task.Run(() =>
                (index % 2 == 0 ? One : Other).Lifecycle.SendTaskAsync(TestEngine.Call("carol " + GetHashCode()), request, default))));
        var id = Assert.Single(tasks.Select(task => task.Id).Distinct());

        var agent = ScriptedAgent.Saying();
        Assert.Equal(id, (await TakeAsync()).TaskId);
        await Task.WhenAll(One.RunAsync(agent, id), Other.RunAsync(agent, id)).WithinLimit("the runs end");
        Assert.Equal(1, agent.Runs);
    }

    private async Task<RunRequest> TakeAsync()
    {
        using var limit = new CancellationTokenSource(Guard.Limit);
        return await Queue.TakeAsync(limit.Token);
    }
}
