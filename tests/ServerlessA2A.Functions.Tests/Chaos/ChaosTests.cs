using System.Diagnostics;
using System.Globalization;
using ServerlessA2A.PostgreSql.Tests.Servers;
using Xunit.Abstractions;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>
/// Real processes on real emulators, while run instances are killed and stand still, messages get lost, come twice and out of order, and
/// requests to Firestore and Pub/Sub or their answers are lost: each task that was accepted ends, once, with no chunk doubled or missing,
/// and all who look at it see the same.
/// </summary>
/// <remarks>
/// A seed is what the clients want and do, and what goes wrong; when exactly is the processes' own matter, so a fault may need some runs
/// to come again. By hand, <c>CHAOS_SEED</c> takes another seed, <c>CHAOS_TASKS</c> another number of tasks, such as 10000,
/// <c>CHAOS_CLIENTS</c> another number of clients at once (20), and <c>CHAOS_LOSS</c> another share of lost requests and answers, in
/// percent. Runs that can be repeated step by step are in ServerlessA2A.Tests. Alone among the tests: the machine is busy enough.
/// </remarks>
[Collection(nameof(ChaosTests))]
public class ChaosTests(ITestOutputHelper output)
{
    public static TheoryData<int> Seeds => [.. Setting("CHAOS_SEED") is { } seed ? [seed] : new[] { 1 }];

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task EachTaskEndsOnceAndWhole(int seed)
    {
        await using var run = new ChaosRun(seed, Setting("CHAOS_TASKS") ?? 500);
        var begun = Stopwatch.GetTimestamp();

        var violations = await run.RunAsync();

        output.WriteLine($"CHAOS_SEED={seed}, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s: {run}");
        Assert.True(violations.Count == 0, $"CHAOS_SEED={seed} finds, with {run}:\n{string.Join("\n\n", violations)}");
    }

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task EachTaskEndsOnceAndWholeOnPostgreSqlThatCrashes(int seed)
    {
        await using var server = await SharedServer.StartAsync();
        var tasks = Setting("CHAOS_TASKS") ?? 500;
        await using var run = new ChaosRun(
            seed, tasks)
        { PostgreSql = server, Restarts = new HashSet<int> { tasks / 2, tasks, tasks * 3 / 2 } };
        var begun = Stopwatch.GetTimestamp();

        var violations = await run.RunAsync();

        output.WriteLine($"CHAOS_SEED={seed}, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s: {run}");
        Assert.True(violations.Count == 0, $"CHAOS_SEED={seed} finds, with {run}:\n{string.Join("\n\n", violations)}");
    }

    /// <summary>A ChatAgent, an AIAgent and a workflow: moreover no finished call of a tool and no finished step is repeated.</summary>
    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task NoFinishedToolCallIsRepeated(int seed)
    {
        await using var journeys = await Journeys.StartAsync();
        await using var run = new ChaosRun(seed, (Setting("CHAOS_TASKS") ?? 500) / 5, journeys);
        var begun = Stopwatch.GetTimestamp();

        var violations = await run.RunAsync();

        output.WriteLine($"CHAOS_SEED={seed}, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s: {run}");
        Assert.True(violations.Count == 0, $"CHAOS_SEED={seed} finds, with {run}:\n{string.Join("\n\n", violations)}");
    }

    internal static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}

/// <summary>What runs while no other test does.</summary>
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class Alone;
