using ServerlessA2A.Functions.Local.PostgreSql;
using ServerlessA2A.Functions.Tests.Deployed;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>
/// The deployed shape while instances are struck, ways to the emulators lose what they carry, and sweeps come more often than they should,
/// at times two at once. When an instance is struck depends on how far all have come, not on a clock.
/// </summary>
/// <param name="random">What decides.</param>
/// <param name="strikes">What strikes, by how far all have to have come.</param>
/// <param name="sweepInterval">How often it is swept.</param>
/// <param name="standstill">After how long without any progress a run is given up.</param>
internal abstract class ChaoticDeployment(
    Random random, IReadOnlyDictionary<int, Strike> strikes, TimeSpan sweepInterval, TimeSpan standstill) : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly HashSet<FunctionInstance> _struck = [];
    private readonly List<Task> _hits = [];
    private int _progress;
    private Task _sweeping = Task.CompletedTask;
    private Task _restarting = Task.CompletedTask;

    public Deployment Deployment { get; private set; } = null!;

    /// <summary>The server that keeps the tasks; null for Firestore's emulator.</summary>
    public PostgreSqlProcess? PostgreSql { get; init; }

    /// <summary>How far all have to have come for the server to crash and recover.</summary>
    public IReadOnlySet<int> Restarts { get; init; } = new HashSet<int>();

    /// <summary>How often a request for a run is delivered before it is a dead letter.</summary>
    protected int RunDeliveries { get; init; } = 5;

    /// <summary>Cancelled when all is to end, in whatever state.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>The ways between the instances and the emulators.</summary>
    protected Ways Ways { get; } = new(random.Next());

    /// <summary>How many instances were struck.</summary>
    protected int Struck => _hits.Count;

    /// <summary>An instance of MessageFunction.</summary>
    public HttpClient MessageInstance(int turn) => Deployment.Messages[turn % Deployment.Messages.Count].Client;

    /// <summary>Something has come further: what is due now happens.</summary>
    public void Progressed()
    {
        var progress = Interlocked.Increment(ref _progress);
        if (Restarts.Contains(progress))
        {
            lock (_struck)
                _restarting = RestartAfterAsync(_restarting);
        }

        if (!strikes.TryGetValue(progress, out var strike))
            return;
        var instance = strike.Of(Deployment);
        lock (_struck)
        {
            if (_struck.Add(instance))
                _hits.Add(HitAsync(strike, instance));
        }
    }

    /// <summary>
    /// All events of a task that has ended. A stream whose time is up before, or that breaks with an error, is taken up again where it was,
    /// as any client does.
    /// </summary>
    public async Task<List<StreamEvent>> ReplayAsync(string taskId)
    {
        var events = new List<StreamEvent>();
        for (var turn = 1; turn <= 5 && !events.Exists(IsEnd); turn++)
        {
            var after = events.Count == 0 ? 0 : events[^1].Id;
            events.AddRange(
                await MessageInstance(turn).StreamAsync(Requests.About("SubscribeToTask", taskId), after, Over)
                    .Where(streamed => !streamed.Data.Contains("\"error\":", StringComparison.Ordinal)).ToListAsync(Over));
        }

        return events;

        static bool IsEnd(StreamEvent streamed) =>
            streamed.Result() is { Name: "statusUpdate", Value: var update } && TaskStates.IsTerminal(update.State());
    }

    public virtual async ValueTask DisposeAsync()
    {
        await EndAsync();
        await Task.WhenAll([.. _hits, _restarting]);
        if (Deployment is not null)
            await Deployment.DisposeAsync();
        Ways.Dispose();
        _over.Dispose();
    }

    /// <summary>Starts it, and the sweeps.</summary>
    protected async Task StartAsync(int notifies, params (string Name, string Value)[] settings)
    {
        Func<(string, string)[]>? store = null;
        if (PostgreSql is { } server)
        {
            await PostgreSqlStore.MigrateAsync(server);
            store = () => PostgreSqlStore.Settings(server, Ways.ToPostgreSql(server.Port));
        }

        Deployment = await Deployment.StartAsync(runs: 3, Ways.To, notifies, store, RunDeliveries, settings: settings);
        _sweeping = SweepAsync();
    }

    /// <summary>Lets those who were struck come back, and nothing more be lost.</summary>
    protected async Task CalmAsync()
    {
        await Task.WhenAll([.. _hits, _restarting]);
        Ways.Calm();
    }

    /// <summary>Ends the sweeps, and whatever waits.</summary>
    protected async Task EndAsync()
    {
        await _over.CancelAsync();
        await _sweeping;
    }

    /// <summary>Waits, as long as anything comes further.</summary>
    /// <param name="all">What is waited for.</param>
    /// <param name="describe">What is told where nothing does.</param>
    protected async Task UnlessStandstillAsync(Task all, Func<Task<string>> describe)
    {
        for (var before = -1; !all.IsCompleted && before != _progress;)
        {
            before = _progress;
            await Task.WhenAny(all, Task.Delay(standstill));
        }

        if (!all.IsCompleted)
            throw new TimeoutException($"Nothing has come further for {standstill}.\n{this}\n{await describe()}");
        await all;
    }

    private async Task RestartAfterAsync(Task earlier)
    {
        await earlier;
        await PostgreSql!.RestartAsync();
    }

    private async Task HitAsync(Strike strike, FunctionInstance instance)
    {
        await strike.HitAsync(instance);
        lock (_struck)
            _struck.Remove(instance);
    }

    /// <summary>Does what Cloud Scheduler does.</summary>
    private async Task SweepAsync()
    {
        for (var turn = 0; !_over.IsCancellationRequested; turn++)
        {
            await Task.WhenAll(Enumerable.Range(0, turn % 3 == 0 ? 2 : 1).Select(_ => Deployment.PublishAsync("a2a-sweep", "{}")));
            await Task.Delay(sweepInterval, Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
