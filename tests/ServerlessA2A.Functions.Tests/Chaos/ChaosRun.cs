using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>Clients, the deployed shape, and all that goes wrong between them, as a seed has it.</summary>
internal sealed class ChaosRun : ChaoticDeployment
{
    private static readonly int ClientsAtOnce = ChaosTests.Setting("CHAOS_CLIENTS") ?? 20;

    private readonly List<string> _violations = [];
    private readonly Deliveries _deliveries;
    private readonly Journeys? _journeys;

    // Each client makes progress twice.
    public ChaosRun(int seed, int tasks)
        : this(new Random(seed), tasks, tasks / 20, 2 * tasks, ClientPlan.Draw)
    {
    }

    /// <summary>Clients of agents that travel. Each makes progress at least 11 times, since each event of a journey is progress.</summary>
    public ChaosRun(int seed, int tasks, Journeys journeys)
        : this(new Random(seed), tasks, tasks / 4, 11 * tasks, ClientPlan.DrawJourney)
    {
        _journeys = journeys;
        // So many are killed that a request may meet five in a row that are gone.
        RunDeliveries = 50;
        journeys.OnProgress(Progressed);
    }

    // A task whose request is lost again waits a minute for the sweep.
    private ChaosRun(Random random, int tasks, int strikes, int progress, Func<Random, int, ClientPlan> draw)
        : base(
            random,
            Enumerable.Range(0, strikes).Select(_ => random.Next(10, progress)).Distinct().ToDictionary(at => at, _ => Strike.Draw(random)),
            sweepInterval: TimeSpan.FromMilliseconds(500),
            standstill: TimeSpan.FromMinutes(2))
    {
        Clients = [.. Enumerable.Range(0, tasks).Select(number => new ChaosClient(this, draw(random, number)))];
        _deliveries = new Deliveries(random.Next(), "a2a-tasks");
    }

    public IReadOnlyList<ChaosClient> Clients { get; }

    /// <summary>Lets all clients live, while anything may go wrong, and then all tasks come to their end.</summary>
    /// <returns>What should not have happened.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        await StartAsync(
            notifies: 0,
            ("Test__Journal", $"{_journeys?.Address}"),
            ("Test__Tasks__LeaseDuration", "00:00:02"),
            ("Test__Tasks__SweepDelay", "00:00:00.5"),
            ("A2A__Tasks__GatherInterval", "00:00:00.1"),
            ("Test__Tasks__MaxAttempts", "50"),
            // After a second each run hands over at its next checkpoint.
            ("A2A__Tasks__RunTimeLimit", "00:01:00"),
            ("Test__Tasks__HandOverMargin", "00:00:59"),
            ("A2A__Http__RequestTimeLimit", "00:00:10"),
            ("Logging__LogLevel__ServerlessA2A.Tasks", "Debug"));
        Deployment.Bridge.Arrange = _deliveries.Arrange;
        await ForEachAsync(Clients, client => client.LiveAsync());
        await CalmAsync();
        _deliveries.Calm();
        await ForEachAsync(Clients.Where(client => client.Plan.GoesAway), client => client.WaitForEndAsync());
        var verdict = Verdict.OfAsync(this);
        await UnlessStandstillAsync(verdict, DescribeAsync);
        await EndAsync();
        return [.. _violations, .. await verdict, .. _journeys?.Faults(Clients) ?? []];
    }

    public override string ToString() =>
        $"{Clients.Count} clients, {Clients.Count(client => client.IsWaiting)} of them wait, " +
        $"{Clients.Count(client => client.State == TaskStates.Failed)} tasks failed; "
        + $"{Deployment.Runs.Sum(run => run.LinesWith("Run started for task").Count())} runs, {Struck} instances struck, {Ways.Lost} " +
            $"requests or answers lost. {_journeys}";

    private Task ForEachAsync(IEnumerable<ChaosClient> clients, Func<ChaosClient, Task> act) => UnlessStandstillAsync(
        Parallel.ForEachAsync(
            clients,
            new ParallelOptions { MaxDegreeOfParallelism = ClientsAtOnce },
            async (client, _) =>
            {
                try
                {
                    await act(client);
                }
                catch (Exception failure) when (!Over.IsCancellationRequested)
                {
                    lock (_violations)
                        _violations.Add($"A client was not answered as it should be: {client}\n{failure}");
                }
            }),
        DescribeAsync);

    private async Task<string> DescribeAsync() =>
        $"{await ProbeAsync()}\n{string.Join('\n', Clients.Where(client => client.IsWaiting))}\n"
        + string.Join('\n', Deployment.Instances.SelectMany(instance => instance.LoggedErrors).TakeLast(20));

    /// <summary>Whether it is the emulator that hangs: it does in extreme stress, and then nothing else can go on.</summary>
    private async Task<string> ProbeAsync()
    {
        try
        {
            await MessageInstance(0).CallAsync(Verdict.List).WaitAsync(TimeSpan.FromSeconds(30));
            return "The store answers.";
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException or HttpRequestException)
        {
            return $"The store seems to hang, a list of tasks is not answered: {failure.Message}";
        }
    }
}
