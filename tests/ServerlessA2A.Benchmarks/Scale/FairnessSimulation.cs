using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Benchmarks.Scale;

/// <summary>
/// One tenant sends 10,000 tasks at once, and a second later another one sends a task: how long that waits. Ten instances run ten tasks
/// each, from one queue in order, with the engine's own turns and sweeps.
/// </summary>
internal sealed class FairnessSimulation : ITaskQueue
{
    private const int Instances = 10;
    private const int Concurrency = 10;
    private const int Crowd = 10_000;

    /// <summary>What a delivery takes whose request is set aside: a read, and some milliseconds of the function.</summary>
    private static readonly TimeSpan SetAside = TimeSpan.FromMilliseconds(20);

    /// <summary>From a publish to its delivery where an instance is free.</summary>
    private static readonly TimeSpan Delivery = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Run = TimeSpan.FromSeconds(30);
    private static readonly string CrowdOwner = new Caller("crowd", "alice").Owner;
    private static readonly string SmallOwner = new Caller("small", "bob").Owner;

    private readonly SimulatedTime _time = new();
    private readonly Random _random = new(1);
    private readonly Queue<RunRequest> _queue = new();
    private readonly HashSet<string> _begun = [];
    private readonly int[] _busy = new int[Instances];
    private readonly RunTurns[] _turns;
    private readonly SimulatedTasks _store;
    private readonly TaskCompletionSource _over = new();
    private int _ended;

    private FairnessSimulation(int runningTasks)
    {
        var options = new OptionsWrapper<LimitOptions>(new LimitOptions { RunningTasks = runningTasks });
        var requests = new RunRequests(this, null!, _time);
        _store = new SimulatedTasks(_time, 4, Enumerable.Repeat(_time.GetUtcNow(), Crowd + 1));
        _turns =
        [
            .. Enumerable.Range(0, Instances)
                .Select(_ => new RunTurns(_store, requests, _time, options, NullLogger<RunTurns>.Instance)),
        ];
    }

    /// <summary>How long the other tenant's task has waited.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>The time until all tasks have ended.</summary>
    public TimeSpan Time => _time.Now;

    /// <param name="runningTasks">The turns of a tenant on an instance; 0 for no limit.</param>
    public static FairnessSimulation Of(int runningTasks)
    {
        var simulation = new FairnessSimulation(runningTasks);
        _ = simulation.SweepAsync();
        for (var number = 0; number < Crowd; number++)
            _ = simulation.PublishAsync(new RunRequest(SimulatedTasks.IdOf(number)));
        _ = simulation.SendLateAsync();
        simulation._time.RunUntil(simulation._over.Task);
        return simulation;
    }

    public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        _ = PublishAsync(request);
        return ValueTask.CompletedTask;
    }

    private async Task SendLateAsync()
    {
        await _time.DelayAsync(TimeSpan.FromSeconds(1));
        await PublishAsync(new RunRequest(SimulatedTasks.IdOf(Crowd)));
    }

    private async Task SweepAsync()
    {
        var options = new OptionsWrapper<TaskOptions>(new TaskOptions());
        var sweeper = new TaskSweeper(_store, this, _time, options, NullLogger<TaskSweeper>.Instance);
        while (true)
        {
            await _time.DelayAsync(TimeSpan.FromMinutes(1));
            await sweeper.SweepAsync(CancellationToken.None);
        }
    }

    private async Task PublishAsync(RunRequest request)
    {
        await _time.DelayAsync(Delivery);
        _queue.Enqueue(request);
        Deliver();
    }

    private void Deliver()
    {
        while (_queue.Count > 0)
        {
            var free = Enumerable.Range(0, Instances).Where(instance => _busy[instance] < Concurrency).ToArray();
            if (free.Length == 0)
                return;
            _ = DeliverAsync(free[_random.Next(free.Length)], _queue.Dequeue());
        }
    }

    private async Task DeliverAsync(int instance, RunRequest request)
    {
        _busy[instance]++;
        await using (var turn = _turns[instance].Begin(request))
        {
            await _time.DelayAsync(SetAside);
            var isLate = SimulatedTasks.NumberOf(request.TaskId) == Crowd;
            if (!_begun.Contains(request.TaskId) && turn.TryTake(isLate ? SmallOwner : CrowdOwner) && _begun.Add(request.TaskId))
            {
                if (isLate)
                    Waited = _time.Now - TimeSpan.FromSeconds(1);
                _store.Remove(request.TaskId);
                await _time.DelayAsync(-Math.Log(1 - _random.NextDouble()) * Run);
                _ended++;
            }
        }

        _busy[instance]--;
        Deliver();
        if (_ended == Crowd + 1)
            _over.TrySetResult();
    }
}
