using ServerlessA2A.Functions.Tests.Deployed;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>
/// Tasks with webhooks, the deployed shape, a receiver that fails, and all that goes wrong between them, as a seed has it. When an instance
/// is struck depends on how far all have come, not on a clock.
/// </summary>
internal sealed class WebhookChaosRun : IAsyncDisposable
{
    private const int ClientsAtOnce = 20;

    /// <summary>After how long without any progress a run is given up.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource _over = new();
    private readonly Dictionary<int, Strike> _strikes;
    private readonly HashSet<FunctionInstance> _struck = [];
    private readonly List<Task> _hits = [];
    private readonly Deliveries _runDeliveries;
    private readonly Deliveries _notifyDeliveries;
    private readonly Ways _ways;
    private readonly int _receiverSeed;
    private int _progress;

    public WebhookChaosRun(int seed, int tasks)
    {
        var random = new Random(seed);
        Clients = [.. Enumerable.Range(0, tasks).Select(number => new WebhookClient(this, number, random.Next()))];
        // Each client makes progress when it has its webhooks, and each of these when it knows the end.
        _strikes = Enumerable.Range(0, tasks / 10).Select(_ => random.Next(10, 3 * tasks)).Distinct().ToDictionary(at => at, _ => Strike.DrawForWebhooks(random));
        _runDeliveries = new Deliveries(random.Next(), "a2a-tasks");
        _notifyDeliveries = new Deliveries(random.Next(), "a2a-notifications");
        _ways = new Ways(random.Next());
        _receiverSeed = random.Next();
    }

    public Deployment Deployment { get; private set; } = null!;

    public UnreliableReceiver Receiver { get; private set; } = null!;

    public IReadOnlyList<WebhookClient> Clients { get; }

    /// <summary>Cancelled when all is to end, in whatever state.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>An instance of MessageFunction.</summary>
    public HttpClient MessageInstance(int turn) => Deployment.Messages[turn % Deployment.Messages.Count].Client;

    /// <summary>Something has come further: what is due now happens.</summary>
    public void Progressed()
    {
        if (!_strikes.TryGetValue(Interlocked.Increment(ref _progress), out var strike))
            return;
        var instance = strike.Of(Deployment);
        lock (_struck)
        {
            if (_struck.Add(instance))
                _hits.Add(HitAsync(strike, instance));
        }
    }

    /// <summary>Lets all clients live and all webhooks be told, while anything may go wrong.</summary>
    /// <returns>What should not have happened.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        Receiver = await UnreliableReceiver.StartAsync(_receiverSeed, Progressed);
        Deployment = await Deployment.StartAsync(
            runs: 3,
            _ways.To,
            notifies: 3,
            [
                .. WebhookDeployment.Settings(),
                ("A2A__Notifications__TimeLimit", "00:00:02"),
                ("A2A__Tasks__LeaseDuration", "00:00:02"),
                ("A2A__Tasks__SweepDelay", "00:00:00.2"),
                ("A2A__Tasks__GatherInterval", "00:00:00.1"),
                ("A2A__Tasks__MaxAttempts", "50"),
                ("A2A__Http__RequestTimeLimit", "00:00:10"),
            ]);
        Deployment.Bridge.Arrange = (topic, messages) => _notifyDeliveries.Arrange(topic, [.. _runDeliveries.Arrange(topic, messages)]);
        var sweeping = SweepAsync();
        await UnlessStandstillAsync(Parallel.ForEachAsync(
            Clients, new ParallelOptions { MaxDegreeOfParallelism = ClientsAtOnce, CancellationToken = Over }, async (client, _) => await client.LiveAsync()));
        await UnlessStandstillAsync(ToldAsync());
        var violations = await WebhookVerdict.OfAsync(this);
        await _over.CancelAsync();
        await sweeping;
        return violations;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_hits);
        if (Deployment is not null)
            await Deployment.DisposeAsync();
        if (Receiver is not null)
            await Receiver.DisposeAsync();
        _ways.Dispose();
        _over.Dispose();
    }

    public override string ToString() =>
        $"{Clients.Count} tasks, {Clients.Count(client => !client.IsTold)} of them with webhooks that wait; {Receiver}; "
        + $"{_hits.Count} instances struck, {_ways.Lost} requests or answers lost, "
        + $"{Deployment.Sweep.LinesWith("it is asked for again").Count(line => line.Contains("webhook", StringComparison.Ordinal))} deliveries asked for by the sweep";

    private async Task ToldAsync()
    {
        while (!Clients.All(client => client.IsTold))
            await Task.Delay(100, Over);
        await Task.WhenAll(_hits);
        _ways.Calm();
        _runDeliveries.Calm();
        _notifyDeliveries.Calm();
    }

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
            await Task.Delay(2000, Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            var waiting = Clients.Where(client => !client.IsTold).ToList();
            throw new TimeoutException(
                $"Nothing has come further for {Standstill}.\n{this}\n{string.Join('\n', waiting)}\n"
                + string.Join('\n', Deployment.Instances.SelectMany(instance => instance.LinesWith(waiting[0].TaskId ?? "none")).TakeLast(100)));
        }

        await all;
    }
}
