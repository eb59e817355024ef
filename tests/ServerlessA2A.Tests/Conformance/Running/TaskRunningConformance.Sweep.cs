using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Running;

/// <summary>What nobody works on any more, and nobody would ask for again.</summary>
public abstract partial class TaskRunningConformance
{
    [SkippableFact]
    public async Task ATaskWhosePublishFailedIsPublishedByTheSweepAndRunOnceWhoeverAsksToo()
    {
        var sender = new TestEngine(Store, new RecordingQueue { Fails = true }, Time);
        var owner = TestEngine.Call("dave " + TestEngine.NewId());
        var request = TestEngine.Request("hello");
        await Assert.ThrowsAsync<TaskStoreException>(() => sender.Lifecycle.SendTaskAsync(owner, request, default));
        var listed = await One.Lifecycle.ListAsync(owner, new ListTasksRequest(), default);
        var id = Assert.Single(listed.Tasks).Id;

        var sweep = SweepOf([id], Queue);
        Time.Advance(One.Settings.SweepDelay - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await sweep.SweepAsync(default));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await sweep.SweepAsync(default));
        Assert.Equal(id, (await TakeAsync()).TaskId);
        // The client's own repeat asks once more.
        Assert.Equal(id, (await One.Lifecycle.SendTaskAsync(owner, request, default)).Id);
        Assert.Equal(id, (await TakeAsync()).TaskId);

        var agent = ScriptedAgent.Saying(AgentUpdate.Artifact("a", "done"));
        await Other.RunAsync(agent, id);
        await One.RunAsync(agent, id);
        Assert.Equal("MessageReceived RunStarted ArtifactUpdated Completed", Describe.Kinds(await One.EventsAsync(id)));
    }

    [SkippableFact]
    public async Task ATaskWhoseWorkerIsLostIsRevivedByTheSweep()
    {
        var task = await One.SendAsync("hello");
        await TakeAsync();
        await LoseRunAsync(task.Id, AgentUpdate.Artifact("a", "lost"));
        var sweep = SweepOf([task.Id], Queue);

        Assert.Equal(0, await sweep.SweepAsync(default));
        Time.Advance(One.Settings.SweepDelay);
        Assert.Equal(1, await sweep.SweepAsync(default));
        await Other.RunnerOf(ScriptedAgent.Saying(AgentUpdate.Artifact("a", "done"))).RunAsync(await TakeAsync(), default);

        Assert.Equal("a:done", await TextsAsync(task.Id));
        Assert.Equal(TaskState.Completed, (await One.ReadAsync(task.Id)).State);
    }

    [SkippableFact]
    public async Task AHandOverWhosePublishFailedIsFoundByTheSweep()
    {
        var queue = new RecordingQueue();
        var worker = new TestEngine(Store, queue, Time);
        var task = await worker.SendAsync("hello");
        var agent = new PacedAgent();
        var run = worker.RunAsync(agent, task.Id);
        await agent.SayAsync(Begin("a", "one "));
        var seen = await agent.Began;
        Time.Advance(worker.Settings.RunTimeLimit - worker.Settings.HandOverMargin);
        await seen.HandOverRequested.WhenCanceledAsync();
        queue.Fails = true;
        agent.Say(AgentUpdate.SaveCheckpoint("x"));
        await Assert.ThrowsAsync<TaskStoreException>(() => run.WithinLimit("the run ends"));

        Time.Advance(worker.Settings.SweepDelay);
        var swept = new RecordingQueue();
        Assert.Equal(1, await SweepOf([task.Id], swept).SweepAsync(default));
        Assert.Equal([task.Id], swept.Published);
        await Other.RunAsync(ScriptedAgent.Saying(More("a", "two")), task.Id);
        Assert.Equal("a:one two", await TextsAsync(task.Id));
    }

    [SkippableFact]
    public async Task AHandOverWhosePublishFailedGoesOnWhenItsRequestIsDeliveredAgain()
    {
        var queue = new RecordingQueue();
        var worker = new TestEngine(Store, queue, Time);
        var task = await worker.SendAsync("hello");
        var agent = new PacedAgent();
        var run = worker.RunAsync(agent, task.Id);
        var seen = await agent.Began;
        Time.Advance(worker.Settings.RunTimeLimit - worker.Settings.HandOverMargin);
        await seen.HandOverRequested.WhenCanceledAsync();
        queue.Fails = true;
        agent.Say(AgentUpdate.SaveCheckpoint("x"));
        await Assert.ThrowsAsync<TaskStoreException>(() => run.WithinLimit("the run ends"));

        var next = ScriptedAgent.Saying();
        await Other.RunAsync(next, task.Id);
        Assert.Equal((1, 1), (next.Runs, next.Seen!.Attempt));
        Assert.Equal(TaskState.Completed, (await One.ReadAsync(task.Id)).State);
    }

    [SkippableFact]
    public async Task OfSweepsAtOnceEachTaskIsPublishedByOne()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add((await One.SendAsync("hello")).Id);
        Time.Advance(One.Settings.SweepDelay);
        var queue = new RecordingQueue();

        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => SweepOf(ids, queue).SweepAsync(default))));

        Assert.Equal(ids.Order(), queue.Published.Order());
        Assert.Equal(5, counts.Sum());
    }

    [SkippableFact]
    public async Task WhatTheSweepAskedForIsLeftAloneTheLongerTheOlderItIsUpToAnHour()
    {
        var task = await One.SendAsync("hello");
        var queue = new RecordingQueue();
        var sweep = SweepOf([task.Id], queue);
        Time.Advance(One.Settings.SweepDelay);
        // Each time when it is twice as old, and in the end every hour.
        foreach (var wait in new[] { 30, 90, 210, 450, 930, 1890, 3600, 3600 })
        {
            Assert.Equal(1, await sweep.SweepAsync(default));
            Assert.Equal(0, await sweep.SweepAsync(default));
            Time.Advance(TimeSpan.FromSeconds(wait) + One.Settings.SweepDelay - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, await sweep.SweepAsync(default));
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(8, queue.Published.Count);
    }

    [SkippableFact]
    public async Task AWorkerThatIsLostIsFoundAtTheEndOfItsLeaseHoweverLongTheTaskWasPutOff()
    {
        var task = await One.SendAsync("hello");
        var queue = new RecordingQueue();
        var sweep = SweepOf([task.Id], queue);
        Time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(1, await sweep.SweepAsync(default));
        await LoseRunAsync(task.Id);
        Time.Advance(One.Settings.SweepDelay);
        Assert.Equal(1, await sweep.SweepAsync(default));
    }

    [SkippableFact]
    public async Task ATerminalOrInterruptedTaskIsNeverSwept()
    {
        var ids = new List<string>();
        foreach (var last in new AgentUpdate[]
        {
            AgentUpdate.Complete(), AgentUpdate.Ask("what?"), AgentUpdate.RequireAuthorization([Part.FromText("sign in")]),
            AgentUpdate.Fail("no"), AgentUpdate.Reject("no"),
        })
            ids.Add((await One.RunNewAsync(ScriptedAgent.Saying(last))).Id);
        ids.Add((await One.SendAsync("hello")).Id);
        await Other.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = ids[^1] }, default);

        Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(0, await SweepOf(ids, Queue).SweepAsync(default));
    }

    /// <summary>A sweep of a test's own tasks: other tests' in the same store are not put off by it.</summary>
    private TaskSweeper SweepOf(IReadOnlyCollection<string> taskIds, ITaskQueue queue) =>
        new TestEngine(new PartOfStore(Store, taskIds), queue, Time).Sweeper;

    private sealed class PartOfStore(ITaskStore inner, IReadOnlyCollection<string> taskIds) : DelegatingTaskStore(inner)
    {
        public override async ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(
            DateTimeOffset before, int count, CancellationToken cancellationToken) =>
            [.. (await base.ListUnattendedAsync(before, 10_000, cancellationToken)).Where(task => taskIds.Contains(task.TaskId))
                .Take(count)];
    }
}
