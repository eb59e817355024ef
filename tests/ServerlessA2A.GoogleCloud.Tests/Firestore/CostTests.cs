using ServerlessA2A.Agents;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>What tasks cost in documents read and written, as the store's own meter counts them.</summary>
[Collection(nameof(FirestoreTest))]
public sealed class CostTests : IDisposable
{
    private readonly Bill _bill = new();
    private readonly RecordingQueue _queue = new();

    public void Dispose() => _bill.Dispose();

    [SkippableTheory]
    [InlineData(false, 1)]
    // Where webhooks are offered, somebody may have made one meanwhile: before the task is terminal or interrupted, that is looked up.
    [InlineData(true, 2)]
    public async Task ASimpleTaskIsSixWritesAFewReadsAndOneMessageAndEachPollOneRead(bool pushNotifications, int reads)
    {
        var engine = await EngineAsync(card: new AgentCardOptions { PushNotifications = pushNotifications });
        Assert.Equal((6, reads, 1, 1), await CostOfATaskAsync(engine, webhook: null));
    }

    [SkippableFact]
    public async Task AStreamOfAHundredChunksIsAtMost110Writes()
    {
        var engine = await EngineAsync(new TaskOptions { GatherInterval = TimeSpan.Zero });
        var task = await engine.SendAsync("hello");
        await engine.RunAsync(ScriptedAgent.Saying([.. Enumerable.Range(0, 100).Select(i => AgentUpdate.Append("a", $"{i} "))]), task.Id);
        Assert.InRange(_bill.Writes, 100, 110);
    }

    [SkippableFact]
    public async Task AMessageToAWorkingTaskIsTwoWritesAndReadOnceByItsRun()
    {
        var engine = await EngineAsync();
        var task = await engine.SendAsync("hello");
        var agent = new PacedAgent();
        var run = engine.RunAsync(agent, task.Id);
        var seen = await agent.Began;
        await agent.SayAsync(AgentUpdate.Report("busy"));
        var before = _bill.Writes;

        await engine.SendAsync("more", task.Id);
        await seen.NewMessages.ReadAsync().AsTask().WithinLimit("the message reaches the agent");

        Assert.Equal(2, _bill.Writes - before);
        before = _bill.Reads;
        agent.End();
        await run.WithinLimit("the run ends");
        // The webhooks that may have come meanwhile. What the watch reads of the message may be billed only now.
        Assert.InRange(_bill.Reads - before, 1, 3);
    }

    [SkippableFact]
    public async Task AWebhookIsOneReadAndTwoWritesHoweverLargeItsTaskIs()
    {
        var engine = await EngineAsync();
        var task = await engine.SendAsync(new string('x', 2 * Payloads.MaxInline));
        var (reads, writes) = (_bill.Reads, _bill.Writes);
        await engine.WebhookRegistry.CreateAsync(TestEngine.Call(), Hook(task.Id), default);
        Assert.Equal((2, 1), (_bill.Writes - writes, _bill.Reads - reads));
    }

    [SkippableFact]
    public async Task AListReadsItsTasksAndCountsThemOnceAndOneThatIsFullBySizeReadsNotFarBeyond()
    {
        var engine = await EngineAsync();
        for (var i = 0; i < 40; i++)
            await engine.SendAsync("hello");
        var query = new TaskQuery { Owner = TestEngine.Call().Caller.Owner, PageSize = 100 };

        Assert.Equal(41, await CostAsync(query));
        // Each query that finds nothing more would be a read too.
        Assert.Equal(34, await CostAsync(query with { PageSize = 32 }));
        Assert.Equal(8, await CostAsync(query with { PageSize = 6 }));
        Assert.Equal(34, await CostAsync(query with { MaxSize = 5 }));

        async Task<long> CostAsync(TaskQuery list)
        {
            var before = _bill.Reads;
            await engine.Store.ListAsync(list, default);
            return _bill.Reads - before;
        }
    }

    [SkippableFact]
    public async Task AWebhookThatComesWithItsTaskIsOneWriteMore() =>
        Assert.Equal((7, 2, 1, 1), await CostOfATaskAsync(await EngineAsync(), Hook(taskId: null)));

    /// <summary>
    /// As docs/costs.md has it: an agent that keeps its place with a checkpoint, as Gemini's does, writes one document more.
    /// </summary>
    [SkippableTheory]
    [InlineData(false, 12)]
    [InlineData(true, 13)]
    public async Task AQuestionAndItsAnswerAreTwelveWritesTwoMessagesAndACheckpointOneWriteMore(bool checkpoint, int expected)
    {
        var engine = await EngineAsync();
        var costs = new List<(long Writes, long Reads, int Messages)>();
        for (var i = 0; i < 5; i++)
        {
            var (writes, reads, messages) = (_bill.Writes, _bill.Reads, _queue.Published.Count);
            var task = await engine.SendAsync("book a journey");
            await engine.RunAsync(
                checkpoint ? ScriptedAgent.Saying(AgentUpdate.SaveCheckpoint("asked"), AgentUpdate.Ask("when?"))
                : ScriptedAgent.Saying(AgentUpdate.Ask("when?")), task.Id);
            await engine.SendAsync("tomorrow", task.Id);
            await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Artifact("a", "done")), task.Id);
            costs.Add((_bill.Writes - writes, _bill.Reads - reads, _queue.Published.Count - messages));
            Assert.Equal(TaskState.Completed, (await engine.ReadAsync(task.Id)).Task.Status.State);
        }

        var usual = Usual(costs, cost => cost.Writes);
        Assert.Equal((expected, 2), (usual.Writes, usual.Messages));
        // A run watches its task only where it has to wait, which costs a read or two.
        Assert.InRange(usual.Reads, 5, 9);
    }

    [SkippableFact]
    public async Task AStepOfADeliveryIsOneWriteAndALookOneRead()
    {
        var engine = await EngineAsync();
        var task = await engine.SendAsync("hello");
        await engine.WebhookRegistry.CreateAsync(TestEngine.Call(), Hook(task.Id), default);
        var store = (IWebhookStore)engine.Store;
        var (reads, writes) = (_bill.Reads, _bill.Writes);

        var delivery = (await store.ReadDeliveryAsync(task.Id, "hook", default))!;
        Assert.Equal((0, 1), (_bill.Writes - writes, _bill.Reads - reads));
        Assert.NotNull(await store.UpdateDeliveryAsync(delivery, delivery with { Holder = "one" }, default));
        Assert.Equal((1, 1), (_bill.Writes - writes, _bill.Reads - reads));
        await store.ReadEventsAsync(task.Id, long.MaxValue, default);
        Assert.Equal((1, 2), (_bill.Writes - writes, _bill.Reads - reads));
    }

    [SkippableFact]
    public async Task ATaskThatAMessageTakesThePlaceOfIsSixWritesToo()
    {
        var costs = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            var queue = new RecordingQueue();
            var engine = await EngineAsync(card: new AgentCardOptions { Replies = true }, queue: queue);
            var writes = _bill.Writes;
            var sending = engine.Lifecycle.SendAsync(TestEngine.Call(), TestEngine.Request("hello", configuration: new()), default);
            await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Reply("hi")), await queue.First);
            Assert.NotNull((await sending.WithinLimit("the send answers")).Message);
            costs.Add(_bill.Writes - writes);
        }

        Assert.Equal(6, Usual(costs, cost => cost));
    }

    /// <summary>
    /// The cost with the most frequent number of writes, and the least of those. The emulator may answer a commit with Cancelled although
    /// it took effect: its writes are not billed then. A run whose agent the machine keeps waiting begins a watch, which reads more.
    /// </summary>
    private static T Usual<T>(IEnumerable<T> costs, Func<T, long> writes) =>
        costs.GroupBy(writes).MaxBy(same => (same.Count(), same.Key))!.Min()!;

    /// <summary>Writes, reads, messages, and the reads of a poll: those of most tasks.</summary>
    private async Task<(long Writes, long Reads, int Messages, long PollReads)> CostOfATaskAsync(
        TestEngine engine, TaskPushNotificationConfig? webhook)
    {
        var costs = new List<(long Writes, long Reads, int Messages, long PollReads)>();
        for (var i = 0; i < 5; i++)
        {
            var (writes, reads, messages) = (_bill.Writes, _bill.Reads, _queue.Published.Count);
            var request = TestEngine.Request(
                "hello", configuration: new() { ReturnImmediately = true, TaskPushNotificationConfig = webhook });
            var task = await engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, default);
            await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Artifact("a", "done")), task.Id);
            (writes, reads, messages) = (_bill.Writes - writes, _bill.Reads - reads, _queue.Published.Count - messages);

            var before = _bill.Reads;
            task = await engine.Lifecycle.GetAsync(TestEngine.Call(), new GetTaskRequest { Id = task.Id }, default);
            Assert.Equal(TaskState.Completed, task.Status.State);
            costs.Add((writes, reads, messages, _bill.Reads - before));
        }

        return Usual(costs, cost => cost.Writes);
    }

    private static TaskPushNotificationConfig Hook(string? taskId) =>
        new() { Id = "hook", TaskId = taskId, Url = "https://client.example" };

    private async Task<TestEngine> EngineAsync(
        TaskOptions? options = null, AgentCardOptions? card = null, RecordingQueue? queue = null)
    {
        var time = new ManualTimeProvider();
        return new TestEngine(await TestStores.CreateAsync(time), queue ?? _queue, time, options, card);
    }
}
