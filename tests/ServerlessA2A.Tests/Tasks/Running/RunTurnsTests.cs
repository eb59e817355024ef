using Microsoft.Extensions.Logging;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>The turns of tenants (<see cref="LimitOptions.RunningTasks"/>).</summary>
public class RunTurnsTests
{
    private readonly RecordingQueue _queue = new();
    private readonly TestEngine _engine;

    public RunTurnsTests()
    {
        var memory = TestEngine.InMemory(bounds: new InMemoryOptions { MaxTasks = 20_000 });
        _engine = new TestEngine(
            memory.Store, _queue, memory.Time, limits: new LimitOptions { UnfinishedTasks = 0, RunningTasks = 2 });
    }

    /// <summary>
    /// The bound: each request of the other tenant that is ahead in the queue costs a delivery that ends at once, and never a run.
    /// </summary>
    [Fact]
    public async Task AnotherTenantsTaskRunsWhileTenThousandWait()
    {
        for (var i = 0; i < 10_000; i++)
            await SendAsync("crowd", $"caller {i % 7}");
        var late = await SendAsync("small", "bob");
        var agents = new List<PacedAgent>();

        var deliveries = _queue.Published.Select(Deliver).ToList();

        Assert.Equal(3, agents.Count);
        Assert.Equal(9_998, deliveries.Count(delivery => delivery.IsCompletedSuccessfully));
        Assert.False(deliveries[^1].IsCompleted);
        Assert.Equal(late, (await agents[^1].Began).TaskId);
        agents.ForEach(agent => agent.End());
        await Task.WhenAll(deliveries).WithinLimit("the runs end");

        Task Deliver(string taskId)
        {
            return _engine.RunnerOf(Make).RunAsync(new RunRequest(taskId), default);

            PacedAgent Make()
            {
                var agent = new PacedAgent();
                agents.Add(agent);
                return agent;
            }
        }
    }

    [Fact]
    public async Task EachTurnThatEndsRequestsOneRunThatWasSetAsideInItsOrder()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add(await SendAsync("crowd", "alice"));
        _queue.Published.Clear();
        PacedAgent[] running = [new(), new()];
        var runs = ids.Take(2).Zip(running, (id, agent) => _engine.RunAsync(agent, id)).ToList();
        foreach (var id in ids.Skip(2))
            await _engine.RunAsync(new PacedAgent(), id);
        // Delivered twice, it is set aside once.
        await _engine.RunAsync(new PacedAgent(), ids[2]);
        Assert.Empty(_queue.Published);

        running[0].End();
        await runs[0].WithinLimit("the run ends");
        Assert.Equal([ids[2]], _queue.Published);
        running[1].End();
        await runs[1].WithinLimit("the run ends");
        Assert.Equal([ids[2], ids[3]], _queue.Published);

        foreach (var id in ids.Skip(2).Take(2))
            await _engine.RunAsync(ScriptedAgent.Saying(), id).WithinLimit("the run ends");
        Assert.Equal([ids[2], ids[3], ids[4]], _queue.Published);
        await _engine.RunAsync(ScriptedAgent.Saying(), ids[4]).WithinLimit("the run ends");
        Assert.Equal(3, _queue.Published.Count);
        foreach (var id in ids)
            Assert.Equal(TaskState.Completed, (await _engine.ReadAsync(id)).State);
    }

    [Fact]
    public async Task WhereTheQueueFailsTheRunEndsAndTheSweepRequestsWhatWasSetAside()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
            ids.Add(await SendAsync("crowd", "alice"));
        PacedAgent[] running = [new(), new()];
        var runs = ids.Take(2).Zip(running, (id, agent) => _engine.RunAsync(agent, id)).ToList();
        await _engine.RunAsync(new PacedAgent(), ids[2]);
        _queue.Published.Clear();
        _queue.Fails = true;
        foreach (var agent in running)
            agent.End();
        await Task.WhenAll(runs).WithinLimit("the runs end");
        Assert.Contains(_engine.Logs.AtLeast(LogLevel.Warning), line => line.Contains(ids[2], StringComparison.Ordinal));

        _queue.Fails = false;
        ((ManualTimeProvider)_engine.Time).Advance(_engine.Settings.SweepDelay);
        Assert.Equal(1, await _engine.Sweeper.SweepAsync(default));
        await _engine.RunAsync(ScriptedAgent.Saying(), ids[2]).WithinLimit("the run ends");
        Assert.Equal(TaskState.Completed, (await _engine.ReadAsync(ids[2])).State);
    }

    [Theory]
    [InlineData("", "alice", "0::alice")]
    [InlineData("crowd", "alice", "5:crowd:")]
    [InlineData("crowd", "", "5:crowd:")]
    public void CallersOfATenantShareItsTurnsAndThoseOfTheDefaultTenantDoNot(string tenant, string name, string expected)
    {
        Assert.Equal(expected, Caller.TenantOrOwnerOf(new Caller(tenant, name).Owner));
        Assert.Equal($"weather/{expected}", Caller.TenantOrOwnerOf(new Caller(tenant, name) { Agent = "weather" }.Owner));
    }

    private async Task<string> SendAsync(string tenant, string name)
    {
        var call = TestEngine.Call() with { Caller = new Caller(tenant, name) };
        return (await _engine.Lifecycle.SendTaskAsync(call, TestEngine.Request("hello"), default)).Id;
    }
}
