using ServerlessA2A.Functions.Tests.Deployed;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>
/// Tasks with webhooks, the deployed shape, a receiver that fails, and all that goes wrong between them, as a seed has it.
/// </summary>
internal sealed class WebhookChaosRun : ChaoticDeployment
{
    private const int ClientsAtOnce = 20;

    private readonly Deliveries _runDeliveries;
    private readonly Deliveries _notifyDeliveries;
    private readonly int _receiverSeed;

    public WebhookChaosRun(int seed, int tasks)
        : this(new Random(seed), tasks)
    {
    }

    // Each client makes progress when it has its webhooks, and each of these when it knows the end.
    private WebhookChaosRun(Random random, int tasks)
        : base(
            random,
            Enumerable.Range(0, tasks / 10).Select(_ => random.Next(10, 3 * tasks)).Distinct()
            .ToDictionary(at => at, _ => Strike.DrawForWebhooks(random)),
            sweepInterval: TimeSpan.FromSeconds(2),
            standstill: TimeSpan.FromSeconds(90))
    {
        Clients = [.. Enumerable.Range(0, tasks).Select(number => new WebhookClient(this, number, random.Next()))];
        _runDeliveries = new Deliveries(random.Next(), "a2a-tasks");
        _notifyDeliveries = new Deliveries(random.Next(), "a2a-notifications");
        _receiverSeed = random.Next();
    }

    public UnreliableReceiver Receiver { get; private set; } = null!;

    public IReadOnlyList<WebhookClient> Clients { get; }

    /// <summary>Lets all clients live and all webhooks be told, while anything may go wrong.</summary>
    /// <returns>What should not have happened.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        Receiver = await UnreliableReceiver.StartAsync(_receiverSeed, Progressed);
        await StartAsync(
            notifies: 3,
            [
                .. WebhookDeployment.Settings(),
                ("Test__Webhooks__TimeLimit", "00:00:02"),
                ("Test__Tasks__LeaseDuration", "00:00:02"),
                ("Test__Tasks__SweepDelay", "00:00:00.2"),
                ("A2A__Tasks__GatherInterval", "00:00:00.1"),
                ("Test__Tasks__MaxAttempts", "50"),
                ("A2A__Http__RequestTimeLimit", "00:00:10"),
            ]);
        Deployment.Bridge.Arrange = (topic, messages) => _notifyDeliveries.Arrange(topic, [.. _runDeliveries.Arrange(topic, messages)]);
        await UnlessStandstillAsync(
            Parallel.ForEachAsync(
                Clients, new ParallelOptions { MaxDegreeOfParallelism = ClientsAtOnce, CancellationToken = Over }, async (client, _) =>
                await client.LiveAsync()),
            DescribeAsync);
        await UnlessStandstillAsync(ToldAsync(), DescribeAsync);
        var violations = await WebhookVerdict.OfAsync(this);
        await EndAsync();
        return violations;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Receiver is not null)
            await Receiver.DisposeAsync();
    }

    public override string ToString() =>
        $"{Clients.Count} tasks, {Clients.Count(client => !client.IsTold)} of them with webhooks that wait; {Receiver}; "
        + $"{Struck} instances struck, {Ways.Lost} requests or answers lost, "
        + $"{Deployment.Sweep.LinesWith("delivery requested by the sweep").Count()} deliveries requested by the sweep";

    private async Task ToldAsync()
    {
        while (!Clients.All(client => client.IsTold))
            await Task.Delay(100, Over);
        await CalmAsync();
        _runDeliveries.Calm();
        _notifyDeliveries.Calm();
    }

    private Task<string> DescribeAsync()
    {
        var waiting = Clients.Where(client => !client.IsTold).ToList();
        return Task.FromResult(
            $"{string.Join('\n', waiting)}\n"
            + string.Join(
                '\n', Deployment.Instances.SelectMany(instance => instance.LinesWith(waiting[0].TaskId ?? "none")).TakeLast(100)));
    }
}
