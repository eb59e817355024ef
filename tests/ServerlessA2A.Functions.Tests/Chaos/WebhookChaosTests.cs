using System.Diagnostics;
using ServerlessA2A.PostgreSql.Tests.Servers;
using Xunit.Abstractions;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>
/// Real processes on real emulators, while run and notify instances are killed and stand still, messages get lost, come twice and out of
/// order, requests to the store and Pub/Sub or their answers are lost, and the receiver fails three calls of ten: each webhook is told each
/// event of its task, first sightings in order and the end last, and what it is told again is the same.
/// </summary>
/// <remarks>
/// As <see cref="ChaosTests"/>: <c>CHAOS_SEED</c> takes another seed and <c>CHAOS_WEBHOOK_TASKS</c> another number of tasks.
/// </remarks>
[Collection(nameof(ChaosTests))]
public class WebhookChaosTests(ITestOutputHelper output)
{
    private static readonly int Tasks = ChaosTests.Setting("CHAOS_WEBHOOK_TASKS") ?? 200;

    public static TheoryData<int> Seeds => ChaosTests.Seeds;

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task EachWebhookIsToldEachEventInOrderAndTheEndLast(int seed)
    {
        await using var run = new WebhookChaosRun(seed, Tasks);
        await VerifyAsync(run, seed);
    }

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task EachWebhookReceivesEachEventInOrderFromPostgreSqlThatCrashes(int seed)
    {
        await using var server = await SharedServer.StartAsync();
        await using var run = new WebhookChaosRun(seed, Tasks)
        {
            PostgreSql = server,
            Restarts = new HashSet<int> { Tasks / 2, Tasks, Tasks * 3 / 2 },
        };
        await VerifyAsync(run, seed);
    }

    private async Task VerifyAsync(WebhookChaosRun run, int seed)
    {
        var begun = Stopwatch.GetTimestamp();

        var violations = await run.RunAsync();

        output.WriteLine($"CHAOS_SEED={seed}, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s: {run}");
        Assert.True(
            violations.Count == 0, $"CHAOS_SEED={seed} finds {violations.Count}, with {run}:\n{string.Join("\n\n", violations.Take(5))}");
    }
}
