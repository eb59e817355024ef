namespace ServerlessA2A.Benchmarks.Scale;

/// <summary>
/// Simulations of the whole at scale: by events, with the engine's own sweeps and turns. docs/scale.md has the arithmetic.
/// </summary>
internal static class ScaleMeasure
{
    public static void Run(Report report)
    {
        foreach (var (rate, databases, shards, seconds) in new[]
        {
            (10, 1, 1, 600), (150, 1, 1, 60), (1_000, 1, 4, 60), (1_000, 1, 16, 60), (2_500, 1, 16, 60), (100_000, 40, 16, 10),
        })
        {
            var simulated = RateSimulation.Of(rate, databases, shards, TimeSpan.FromSeconds(seconds));
            var what = $"{rate:#,0}/s, {databases} x {shards} shards";
            report.Add($"{what}: accepted, 99 % within", simulated.Accepted99, " ms", Target.None);
            report.Add($"{what}: longest wait for an index", simulated.LongestWait.TotalMilliseconds, " ms", Target.None);
            report.Add($"{what}: tasks that run at once", simulated.Running, "", Target.None);
        }

        foreach (var shards in new[] { 1, 4, 16 })
        {
            var simulated = SweepSimulation.Run(1_000_000, shards);
            var what = $"1,000,000 lost tasks, {shards} shards";
            report.Add($"{what}: all requested", simulated.Time.TotalMinutes, " min", shards == 1 ? Target.None : Target.AtMost(10));
            report.Add($"{what}: sweeps at once", simulated.SweepsAtOnce, "", Target.None);
            report.Add($"{what}: requested again meanwhile", simulated.Doubled, "", Target.None);
            report.Add($"{what}: lost races", simulated.LostRaces, "", Target.None);
        }

        foreach (var turns in new[] { 0, 5 })
        {
            var simulated = FairnessSimulation.Of(turns);
            var what = $"10,000 tasks ahead, RunningTasks {turns}";
            report.Add($"{what}: another waits", simulated.Waited.TotalSeconds, " s", turns == 0 ? Target.None : Target.AtMost(60));
            report.Add($"{what}: all have ended", simulated.Time.TotalMinutes, " min", Target.None);
        }
    }
}
