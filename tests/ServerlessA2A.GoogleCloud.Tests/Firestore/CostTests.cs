using System.Diagnostics.Metrics;
using ServerlessA2A.Agents;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>What tasks cost in documents read and written, as the store's own meter counts them.</summary>
[Collection(nameof(FirestoreTest))]
public sealed class CostTests : IDisposable
{
    private readonly MeterListener _meter = new();
    private readonly RecordingQueue _queue = new();
    private long _reads;
    private long _writes;

    public CostTests()
    {
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "ServerlessA2A")
                listener.EnableMeasurementEvents(instrument);
        };
        _meter.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (instrument.Name == "a2a.firestore.document.reads")
                Interlocked.Add(ref _reads, value);
            if (instrument.Name == "a2a.firestore.document.writes")
                Interlocked.Add(ref _writes, value);
        });
        _meter.Start();
    }

    public void Dispose() => _meter.Dispose();

    [SkippableFact]
    public async Task ASimpleTaskIsSixWritesOneReadAndOneMessageAndEachPollOneRead()
    {
        var engine = await EngineAsync();
        var task = await engine.SendAsync("hello");
        await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Artifact("a", "done")), task.Id);
        Assert.Equal((6, 1, 1), (_writes, _reads, _queue.Published.Count));

        Assert.Equal(TaskState.Completed, (await engine.Lifecycle.GetAsync(TestEngine.Call(), new GetTaskRequest { Id = task.Id }, default)).Status.State);
        Assert.Equal((6, 2), (_writes, _reads));
    }

    [SkippableFact]
    public async Task AStreamOfAHundredChunksIsAtMost110Writes()
    {
        var engine = await EngineAsync(new TaskOptions { GatherInterval = TimeSpan.Zero });
        var task = await engine.SendAsync("hello");
        await engine.RunAsync(ScriptedAgent.Saying([.. Enumerable.Range(0, 100).Select(i => AgentUpdate.Chunk("a", $"{i} ", append: i > 0))]), task.Id);
        Assert.InRange(_writes, 100, 110);
    }

    private async Task<TestEngine> EngineAsync(TaskOptions? options = null)
    {
        var time = new ManualTimeProvider();
        return new TestEngine(await TestStores.CreateAsync(time), _queue, time, options);
    }
}
