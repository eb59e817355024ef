using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Benchmarks.Scale;

/// <summary>
/// After an outage all workers are lost: how long until the engine's own sweeps, of which one begins each minute, have requested a run of
/// each task.
/// </summary>
internal sealed class SweepSimulation : ITaskQueue
{
    private static readonly TimeSpan Publish = TimeSpan.FromMilliseconds(20);

    private readonly SimulatedTime _time = new();
    private readonly HashSet<string> _requested = [];
    private readonly TaskCompletionSource _over = new();
    private readonly SimulatedTasks _store;
    private readonly int _tasks;

    private SweepSimulation(int tasks, int shards)
    {
        _tasks = tasks;
        var now = _time.GetUtcNow();
        var since = Enumerable.Range(0, tasks).Select(number => now.AddMilliseconds(-60_000 - (number / 10)));
        _store = new SimulatedTasks(_time, shards, since);
    }

    /// <summary>How many sweeps have been at work at once.</summary>
    public int SweepsAtOnce { get; private set; }

    /// <summary>How many runs were requested twice.</summary>
    public int Doubled { get; private set; }

    /// <summary>How often a sweep found a task that another one had taken meanwhile.</summary>
    public int LostRaces => _store.LostRaces;

    /// <summary>The time until the last task was requested.</summary>
    public TimeSpan Time => _time.Now;

    public static SweepSimulation Run(int tasks, int shards)
    {
        var simulation = new SweepSimulation(tasks, shards);
        var schedule = simulation.ScheduleAsync();
        simulation._time.RunUntil(Task.WhenAny(simulation._over.Task, schedule).Unwrap());
        return simulation;
    }

    public async ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        await _time.DelayAsync(Publish);
        if (!_requested.Add(request.TaskId))
            Doubled++;
        if (_requested.Count == _tasks)
            _over.TrySetResult();
    }

    private async Task ScheduleAsync()
    {
        var sweeper = new TaskSweeper(
            _store, this, _time, new OptionsWrapper<TaskOptions>(new TaskOptions()), NullLogger<TaskSweeper>.Instance);
        var sweeps = new List<Task>();
        while (true)
        {
            sweeps.RemoveAll(sweep => sweep.IsCompletedSuccessfully);
            sweeps.Add(sweeper.SweepAsync(CancellationToken.None));
            SweepsAtOnce = Math.Max(SweepsAtOnce, sweeps.Count);
            await Task.WhenAny(_time.DelayAsync(TimeSpan.FromMinutes(1)), Faulted());
        }

        // A sweep that fails ends the simulation.
        Task Faulted() => sweeps.Find(sweep => sweep.IsFaulted) ?? new TaskCompletionSource().Task;
    }
}
