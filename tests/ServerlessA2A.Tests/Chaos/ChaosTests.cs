using System.Globalization;
using Xunit.Abstractions;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>
/// Whatever fails, freezes, stops, gets lost or comes twice: each task that was accepted ends, once, with no chunk doubled or missing, and
/// all who look at it see the same. By hand: CHAOS_SEED repeats one run and tells all its steps, CHAOS_RUNS makes so many new ones.
/// </summary>
/// <remarks>Alone, so that a seed gives the same run again.</remarks>
[Collection(nameof(ChaosTests))]
public class ChaosTests(ITestOutputHelper output)
{
    private const int Clients = 10;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task EachTaskEndsOnceAndWhole(int seed) => RunAsync(seed);

    [Fact]
    public async Task ByHand()
    {
        if (Environment.GetEnvironmentVariable("CHAOS_SEED") is { } seed)
            await RunAsync(int.Parse(seed, CultureInfo.InvariantCulture), tells: true);
        var runs = int.Parse(Environment.GetEnvironmentVariable("CHAOS_RUNS") ?? "1", CultureInfo.InvariantCulture);
        var found = new List<string>();
        for (var run = 0; run < runs && found.Count < 5; run++)
        {
            if (await Record.ExceptionAsync(() => RunAsync(Random.Shared.Next())) is { } fault)
                found.Add(fault.Message);
        }

        Assert.True(found.Count == 0, string.Join("\n\n", found));
    }

    private async Task RunAsync(int seed, bool tells = false)
    {
        using var simulation = new Simulation(seed, Clients);
        var running = new TaskCompletionSource();
        // On a thread of its own: it must see the pool idle.
        new Thread(() =>
        {
            try
            {
                simulation.Run();
                running.SetResult();
            }
            catch (Exception failure)
            {
                running.SetException(failure);
            }
        }).Start();
        await running.Task;
        var faults = await Verdict.OfAsync(simulation);
        if (tells)
            simulation.Trace.ToList().ForEach(output.WriteLine);
        Assert.True(faults.Count == 0, $"CHAOS_SEED={seed} finds, after {simulation.Trace.Count} steps with {simulation.Doubts} doubts:\n{string.Join("\n", faults)}");
    }
}

/// <summary>What runs while no other test does.</summary>
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class Alone;
