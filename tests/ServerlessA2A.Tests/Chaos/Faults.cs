using ServerlessA2A.Tasks;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>How often what goes wrong, and how the engine is set: drawn for each run, so that some are mild and some are wild.</summary>
internal sealed class Faults(Random random)
{
    /// <summary>Of each step to the store or the queue.</summary>
    public double FailsBefore { get; } = OneOf(random, 0, 0, 0.01, 0.05, 0.15);

    public double FailsAfter { get; } = OneOf(random, 0, 0, 0.01, 0.05, 0.15);

    public double IsLate { get; } = OneOf(random, 0, 0.05, 0.3);

    /// <summary>Of each request that is published.</summary>
    public double LosesRequest { get; } = OneOf(random, 0, 0, 0.1, 0.5);

    public double DoublesRequest { get; } = OneOf(random, 0, 0.1, 0.4);

    /// <summary>Of each step of the simulation.</summary>
    public double LosesInstance { get; } = OneOf(random, 0, 0.002, 0.01, 0.03);

    public double StopsInstance { get; } = OneOf(random, 0, 0.002, 0.01, 0.03);

    public double FreezesInstance { get; } = OneOf(random, 0, 0.002, 0.01, 0.03);

    public double GivesUpRequest { get; } = OneOf(random, 0, 0, 0.001, 0.005);

    /// <summary>By how much a clock is wrong at most.</summary>
    public TimeSpan ClockFault { get; } = TimeSpan.FromMilliseconds(OneOf(random, 0, 200, 5_000));

    /// <summary>After how many failures a request becomes a dead letter.</summary>
    public int MaxDeliveries { get; } = OneOf(random, 3, 100, 100);

    public TaskOptions Options { get; } = new()
    {
        RunTimeLimit = TimeSpan.FromSeconds(60),
        HandOverMargin = TimeSpan.FromSeconds(OneOf(random, 1, 20, 50)),
        StopGrace = TimeSpan.FromSeconds(2),
        LeaseDuration = TimeSpan.FromSeconds(OneOf(random, 3, 15, 60)),
        MaxAttempts = OneOf(random, 2, 100, 100),
        WorkLimit = OneOf(random, TimeSpan.FromMinutes(10), TimeSpan.FromHours(24), TimeSpan.FromHours(24)),
        GatherInterval = TimeSpan.FromMilliseconds(OneOf(random, 0, 300, 300, 5_000)),
        GatherSize = OneOf(random, 1, 20, 8192),
        SweepDelay = TimeSpan.FromSeconds(OneOf(random, 0, 10)),
    };

    private static T OneOf<T>(Random random, params T[] values) => values[random.Next(values.Length)];
}
