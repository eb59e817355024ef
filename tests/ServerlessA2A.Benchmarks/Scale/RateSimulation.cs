namespace ServerlessA2A.Benchmarks.Scale;

/// <summary>
/// Tasks that come at a rate, at random: each is created, published, leased and finished, which are three writes to each growing index of
/// its database. Instances are unlimited: how many are needed is a result.
/// </summary>
internal sealed class RateSimulation
{
    private static readonly TimeSpan Publish = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Delivery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Run = TimeSpan.FromSeconds(5);

    private readonly SimulatedTime _time = new();
    private readonly Random _random = new(1);
    private readonly SimulatedIndex[] _databases;
    private readonly List<double> _accepted = [];
    private int _running;

    private RateSimulation(int databases, int shards) =>
        _databases = [.. Enumerable.Range(0, databases).Select(_ => new SimulatedIndex(_time, shards))];

    /// <summary>The most tasks that run at once.</summary>
    public int Running { get; private set; }

    /// <summary>The time that a client waits until its task is accepted, which 99 % stay within, in milliseconds.</summary>
    public double Accepted99 => _accepted.Order().ElementAt(_accepted.Count * 99 / 100);

    /// <summary>The longest that a write has waited for its place in an index: it grows as long as more come than are taken.</summary>
    public TimeSpan LongestWait => _databases.Max(database => database.LongestWait);

    /// <param name="rate">Tasks a second.</param>
    /// <param name="databases">The databases; a task's id decides.</param>
    /// <param name="shards">The shards of each.</param>
    /// <param name="time">How long tasks come.</param>
    public static RateSimulation Of(int rate, int databases, int shards, TimeSpan time)
    {
        var simulation = new RateSimulation(databases, shards);
        simulation._time.RunUntil(simulation.ArriveAsync(rate, time));
        return simulation;
    }

    private async Task ArriveAsync(int rate, TimeSpan time)
    {
        while (_time.Now < time)
        {
            _ = LiveAsync();
            await _time.DelayAsync(-Math.Log(1 - _random.NextDouble()) / rate * TimeSpan.FromSeconds(1));
        }
    }

    private async Task LiveAsync()
    {
        var began = _time.Now;
        var id = $"{_random.NextInt64():x16}";
        // Not the hash that chooses the shard: each database would have some of the shards only.
        var database = _databases[Convert.ToInt32(id[..6], 16) % _databases.Length];
        await database.WriteAsync(id);
        await _time.DelayAsync(Publish);
        _accepted.Add((_time.Now - began).TotalMilliseconds);
        await _time.DelayAsync(Delivery);
        Running = Math.Max(Running, ++_running);
        await database.WriteAsync(id);
        await _time.DelayAsync(-Math.Log(1 - _random.NextDouble()) * Run);
        await database.WriteAsync(id);
        _running--;
    }
}
