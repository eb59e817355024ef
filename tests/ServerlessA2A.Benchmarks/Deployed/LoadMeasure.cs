using System.Diagnostics;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Deployed;

/// <summary>
/// Load on the deployed shape, on Firestore's emulator and on PostgreSQL: what is held, how long it takes, and that nothing is lost.
/// </summary>
internal static class LoadMeasure
{
    private const double MiB = 1024 * 1024;

    /// <summary>A run must be this long for its memory to say anything.</summary>
    private const int LeastSecondsForMemory = 300;

    public static async Task RunAsync(Options options, Report report)
    {
        var programs = await Programs.PublishAsync(options);
        foreach (var (store, onPostgreSql) in new[] { ("Firestore", false), ("PostgreSQL", true) })
        {
            foreach (var clients in options.Clients)
            {
                // Anew for each, because the emulator slows down with the number of its documents.
                await using var functions = await DeployedFunctions.StartAsync(programs.Ours, onPostgreSql);
                await MeasureAsync(functions, store, clients, options, report);
            }
        }
    }

    private static async Task MeasureAsync(DeployedFunctions functions, string store, int clients, Options options, Report report)
    {
        using (var first = new LoadClients(functions.Messages))
            await first.RunAsync(32, TimeSpan.FromSeconds(5));
        using var load = new LoadClients(functions.Messages);
        var began = Stopwatch.GetTimestamp();
        var running = load.RunAsync(clients, TimeSpan.FromSeconds(options.Seconds));
        // What all instances have once they are warm: after a fifth of the time.
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(options.Seconds / 5.0)));
        var before = functions.All.ToDictionary(server => server, server => server.WorkingSet);
        await running;
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;

        var what = $"{store}, {clients} clients";
        var times = load.Milliseconds.Order().ToArray();
        report.Add($"{what}: tasks", times.Length / seconds, "/s", Target.None);
        foreach (var percent in new[] { 50, 90, 99, 100 })
        {
            var name = percent == 100 ? "the longest" : $"{percent} % within";
            var time = times.Length == 0 ? double.NaN : times[Math.Max(0, (times.Length * percent / 100) - 1)];
            report.Add($"{what}: {name}", time, " ms", Target.None);
        }

        report.Add($"{what}: errors", load.Errors.Count, "", Target.AtMost(0));
        foreach (var error in load.Errors.Take(3))
            Console.WriteLine($"    {error}");
        report.Add($"{what}: lost", load.Lost, "", Target.AtMost(0));
        report.Add($"{what}: run requests delivered again", functions.FailedDeliveries, "", Target.None);
        Memory("MessageFunction", functions.Messages);
        Memory("RunTaskFunction", functions.Runs);

        void Memory(string function, IReadOnlyList<RunningServer> instances)
        {
            var largest = instances.MaxBy(server => server.WorkingSet)!;
            report.Add($"{what}: memory of {function}", largest.WorkingSet / MiB, " MiB", Target.None);
            report.Add(
                $"{what}: … over that before", largest.WorkingSet / (double)before[largest], "",
                options.Seconds >= LeastSecondsForMemory ? Target.AtMost(1.2) : Target.None);
        }
    }
}
