using System.Globalization;
using ServerlessA2A.Tests.Support;
using Xunit.Abstractions;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>
/// Whatever fails, freezes, stops, gets lost or comes twice: each task that was accepted ends, once, with no chunk doubled or missing, and
/// all who look at it see the same.
/// </summary>
/// <remarks>
/// By hand, <c>CHAOS_RUNS=1000 dotnet test --filter Chaos</c> makes so many new runs, and <c>CHAOS_SEED</c> repeats one and tells its
/// steps. What the thread pool does in parallel is not the seed's: where a fault does not come again at once, repeat it some times (both
/// together); and what is found is pinned by a test of its own (<c>WhatIsDueWithinAMillisecondIsNotWaitedForBusily</c> was found here).
/// Alone among the tests, since that depends on how busy the pool is.
/// </remarks>
[Collection(nameof(ChaosTests))]
public class ChaosTests(ITestOutputHelper output)
{
    private const int Clients = 10;

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8), InlineData(9),
        InlineData(10)]
    [InlineData(11), InlineData(12), InlineData(13), InlineData(14), InlineData(15), InlineData(16), InlineData(17), InlineData(18),
        InlineData(19), InlineData(20)]
    [InlineData(21), InlineData(22), InlineData(23), InlineData(24), InlineData(25), InlineData(26), InlineData(27), InlineData(28),
        InlineData(29), InlineData(30)]
    [InlineData(31), InlineData(32), InlineData(33), InlineData(34), InlineData(35), InlineData(36), InlineData(37), InlineData(38),
        InlineData(39), InlineData(40)]
    [InlineData(41), InlineData(42), InlineData(43), InlineData(44), InlineData(45), InlineData(46), InlineData(47), InlineData(48),
        InlineData(49), InlineData(50)]
    public Task EachTaskEndsOnceAndWhole(int seed) => RunAsync(seed, tells: false);

    /// <summary>One seed that nobody chose; by hand as many as one likes.</summary>
    [Fact]
    public async Task WithAnySeed()
    {
        var seed = Environment.GetEnvironmentVariable("CHAOS_SEED");
        var runs = int.Parse(Environment.GetEnvironmentVariable("CHAOS_RUNS") ?? "1", CultureInfo.InvariantCulture);
        for (var run = 0; run < runs; run++)
            await RunAsync(seed is null ? Random.Shared.Next() : int.Parse(seed, CultureInfo.InvariantCulture), tells: seed is not null);
    }

    private async Task RunAsync(int seed, bool tells)
    {
        using var simulation = new Simulation(seed, Clients);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
        })
        { IsBackground = true }.Start();
        await running.Task.WithinLimit($"CHAOS_SEED={seed} comes to its end");
        var faults = await Verdict.OfAsync(simulation);
        if (tells)
            simulation.Trace.ToList().ForEach(output.WriteLine);
        Assert.True(faults.Count == 0,
            $"CHAOS_SEED={seed} finds, after {simulation.Trace.Count} steps with {simulation.Doubts} doubts:\n{string.Join("\n", faults)}");
    }
}

/// <summary>What runs while no other test does.</summary>
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class Alone;
