using ServerlessA2A.Functions.Tests.Deployed;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>
/// Clients, the deployed shape, and all that goes wrong between them, as a seed has it. When an instance is struck depends on how far the
/// clients have come, not on a clock.
/// </summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private const int ClientsAtOnce = 20;

    /// <summary>After how long without any progress a run is given up. A task whose request is lost again waits a minute for the sweep.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _over = new();
    private readonly Dictionary<int, Strike> _strikes;
    private readonly HashSet<FunctionInstance> _struck = [];
    private readonly List<Task> _hits = [];
    private readonly List<string> _violations = [];
    private readonly Deliveries _deliveries;
    private readonly Ways _ways;
    private int _progress;

    public ChaosRun(int seed, int tasks)
    {
        var random = new Random(seed);
        Clients = [.. Enumerable.Range(0, tasks).Select(number => new ChaosClient(this, ClientPlan.Draw(random, number)))];
        // Each client makes progress twice.
        _strikes = Enumerable.Range(0, tasks / 20).Select(_ => random.Next(10, 2 * tasks)).Distinct().ToDictionary(at => at, _ => Strike.Draw(random));
        _deliveries = new Deliveries(random.Next(), "a2a-tasks");
        _ways = new Ways(random.Next());
    }

    public Deployment Deployment { get; private set; } = null!;

    public IReadOnlyList<ChaosClient> Clients { get; }

    /// <summary>Cancelled when all is to end, in whatever state.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>An instance of MessageFunction.</summary>
    public HttpClient MessageInstance(int turn) => Deployment.Messages[turn % Deployment.Messages.Count].Client;

    /// <summary>A client has come further: what is due now happens.</summary>
    public void Progressed()
    {
        var progress = Interlocked.Increment(ref _progress);
        if (!_strikes.TryGetValue(progress, out var strike))
            return;
        var instance = strike.Of(Deployment);
        lock (_struck)
        {
            if (_struck.Add(instance))
                _hits.Add(HitAsync(strike, instance));
        }
    }

    /// <summary>Lets all clients live, while anything may go wrong, and then all tasks come to their end.</summary>
    /// <returns>What should not have happened.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        Deployment = await Deployment.StartAsync(
            runs: 3,
            _ways.To,
            notifies: 0,
            ("A2A__Tasks__LeaseDuration", "00:00:02"),
            ("A2A__Tasks__SweepDelay", "00:00:00.5"),
            ("A2A__Tasks__GatherInterval", "00:00:00.1"),
            ("A2A__Tasks__MaxAttempts", "50"),
            // After a second each run hands over at its next checkpoint.
            ("A2A__Tasks__RunTimeLimit", "00:01:00"),
            ("A2A__Tasks__HandOverMargin", "00:00:59"),
            ("A2A__Http__RequestTimeLimit", "00:00:10"),
            ("Logging__LogLevel__ServerlessA2A.Tasks", "Debug"));
        Deployment.Bridge.Arrange = _deliveries.Arrange;
        var sweeping = SweepAsync();
        await ForEachAsync(Clients, client => client.LiveAsync());
        await Task.WhenAll(_hits);
        _ways.Calm();
        _deliveries.Calm();
        await ForEachAsync(Clients.Where(client => client.Plan.GoesAway), client => client.WaitForEndAsync());
        var verdict = Verdict.OfAsync(this);
        await UnlessStandstillAsync(verdict);
        await _over.CancelAsync();
        await sweeping;
        return [.. _violations, .. await verdict];
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_hits);
        if (Deployment is not null)
            await Deployment.DisposeAsync();
        _ways.Dispose();
        _over.Dispose();
    }

    public override string ToString() =>
        $"{Clients.Count} clients, {Clients.Count(client => client.IsWaiting)} of them wait, {Clients.Count(client => client.State == TaskStates.Failed)} tasks failed; "
        + $"{Deployment.Runs.Sum(run => run.LinesWith("has begun, attempt").Count())} runs, {_hits.Count} instances struck, {_ways.Lost} requests or answers lost";

    private Task ForEachAsync(IEnumerable<ChaosClient> clients, Func<ChaosClient, Task> act) => UnlessStandstillAsync(Parallel.ForEachAsync(
        clients,
        new ParallelOptions { MaxDegreeOfParallelism = ClientsAtOnce },
        async (client, _) =>
        {
            try
            {
                await act(client);
            }
            catch (Exception failure) when (!_over.IsCancellationRequested)
            {
                lock (_violations)
                    _violations.Add($"A client was not answered as it should be: {client}\n{failure}");
            }
        }));

    private async Task HitAsync(Strike strike, FunctionInstance instance)
    {
        await strike.HitAsync(instance);
        lock (_struck)
            _struck.Remove(instance);
    }

    /// <summary>Does what Cloud Scheduler does, but more often, and at times twice.</summary>
    private async Task SweepAsync()
    {
        for (var turn = 0; !_over.IsCancellationRequested; turn++)
        {
            await Task.WhenAll(Enumerable.Range(0, turn % 3 == 0 ? 2 : 1).Select(_ => Deployment.PublishAsync("a2a-sweep", "{}")));
            await Task.Delay(500, Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task UnlessStandstillAsync(Task all)
    {
        for (var before = -1; !all.IsCompleted && before != _progress;)
        {
            before = _progress;
            await Task.WhenAny(all, Task.Delay(Standstill));
        }

        if (!all.IsCompleted)
        {
            throw new TimeoutException(
                $"Nothing has come further for {Standstill}. {await ProbeAsync()}\n{this}\n"
                + $"{string.Join('\n', Clients.Where(client => client.IsWaiting))}\n"
                + string.Join('\n', Deployment.Instances.SelectMany(instance => instance.LoggedErrors).TakeLast(20)));
        }

        await all;
    }

    /// <summary>Whether it is the emulator that hangs: it does in extreme stress, and then nothing else can go on.</summary>
    private async Task<string> ProbeAsync()
    {
        try
        {
            await MessageInstance(0).CallAsync(Verdict.List).WaitAsync(TimeSpan.FromSeconds(30));
            return "The Firestore emulator answers.";
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException or HttpRequestException)
        {
            return $"The Firestore emulator seems to hang, a list of tasks is not answered: {failure.Message}";
        }
    }
}
