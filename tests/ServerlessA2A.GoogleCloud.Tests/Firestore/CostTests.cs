using ServerlessA2A.Agents;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>What tasks cost in documents read and written, as the store's own meter counts them.</summary>
[Collection(nameof(FirestoreTest))]
public sealed class CostTests : IDisposable
{
    private readonly Bill _bill = new();
    private readonly RecordingQueue _queue = new();

    public void Dispose() => _bill.Dispose();

    [SkippableFact]
    public async Task ASimpleTaskIsSixWritesOneReadAndOneMessageAndEachPollOneRead()
    {
        var engine = await EngineAsync();
        var task = await engine.SendAsync("hello");
        await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Artifact("a", "done")), task.Id);
        Assert.Equal((6, 1, 1), (_bill.Writes, _bill.Reads, _queue.Published.Count));

        Assert.Equal(TaskState.Completed, (await engine.Lifecycle.GetAsync(TestEngine.Call(), new GetTaskRequest { Id = task.Id }, default)).Status.State);
        Assert.Equal((6, 2), (_bill.Writes, _bill.Reads));
    }

    [SkippableFact]
    public async Task AStreamOfAHundredChunksIsAtMost110Writes()
    {
        var engine = await EngineAsync(new TaskOptions { GatherInterval = TimeSpan.Zero });
        var task = await engine.SendAsync("hello");
        await engine.RunAsync(ScriptedAgent.Saying([.. Enumerable.Range(0, 100).Select(i => AgentUpdate.Chunk("a", $"{i} ", append: i > 0))]), task.Id);
        Assert.InRange(_bill.Writes, 100, 110);
    }

    [SkippableFact]
    public async Task AWebhookIsOneReadAndOneWriteHoweverLargeItsTaskIs()
    {
        var engine = await EngineAsync();
        var task = await engine.SendAsync(new string('x', 2 * Payloads.MaxInline));
        var (reads, writes) = (_bill.Reads, _bill.Writes);
        var webhook = new TaskPushNotificationConfig { Id = "hook", TaskId = task.Id, Url = "https://client.example" };
        await engine.PushConfigurations.CreateAsync(TestEngine.Call(), webhook, default);
        Assert.Equal((1, 1), (_bill.Writes - writes, _bill.Reads - reads));
    }

    private async Task<TestEngine> EngineAsync(TaskOptions? options = null)
    {
        var time = new ManualTimeProvider();
        return new TestEngine(await TestStores.CreateAsync(time), _queue, time, options);
    }
}
