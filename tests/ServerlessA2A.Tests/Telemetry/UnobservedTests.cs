using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Tests.Telemetry;

/// <summary>Without a listener telemetry costs nothing. No other test, which may listen, runs at the same time.</summary>
[Collection(nameof(Unobserved))]
public class UnobservedTests
{
    [Fact]
    public void NothingIsAllocated()
    {
        Observe();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
            Observe();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Observe()
    {
        Assert.Null(EngineSpans.StartRequest("JSONRPC"));
        Assert.Null(EngineSpans.StartProcess("runs", default));
        Assert.Null(EngineSpans.StartRun("t", "c", "r", 1));
        Assert.Null(EngineSpans.StartAgent("agent", "t", "c"));
        Assert.Null(EngineSpans.StartWebhook("https://example.com", "t", "w", 1));
        EngineSpans.AboutTask("t", "c");
        EngineMetrics.Request(TimeSpan.Zero, "GetTask", "JSONRPC", "1.0", "TaskNotFound");
        EngineMetrics.TaskCreated();
        EngineMetrics.StateReached("TASK_STATE_COMPLETED", TimeSpan.Zero);
        EngineMetrics.RunBegun(1);
        EngineMetrics.RunEnded(TimeSpan.Zero, "handed_over");
        EngineMetrics.LeaseLost("expired");
        EngineMetrics.Swept("run", 1);
        EngineMetrics.WebhookAttempt(TimeSpan.Zero, EngineMetrics.Accepted, 200);
        EngineMetrics.WebhookAccepted(TimeSpan.Zero);
        EngineMetrics.LimitExceeded("UnfinishedTasks");
    }

    /// <summary>A collection that has the process to itself.</summary>
    [CollectionDefinition(nameof(Unobserved), DisableParallelization = true)]
    public class Unobserved;
}
