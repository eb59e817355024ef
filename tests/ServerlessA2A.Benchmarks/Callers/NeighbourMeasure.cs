namespace ServerlessA2A.Benchmarks.Callers;

/// <summary>What one caller at full speed does to another: bob's time for an answer while alice sends as fast as she is answered, against his quiet one, with the limits as they are by themselves.</summary>
internal static class NeighbourMeasure
{
    private const int Samples = 100;

    /// <summary>Bob is within his own limit of 50 a second, or else it would be measured how he is refused.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(21);

    public static async Task RunAsync(Options options, Report report)
    {
        foreach (var (limits, settings) in new (string, (string, string)[])[] { ("", []), (", no limits", [("A2A:Limits:RequestsPerSecond", "0"), ("A2A:InMemory:MaxTasks", "10000000")]) })
        {
            foreach (var connections in limits.Length == 0 ? new[] { 1, 8, 32 } : [32])
            {
                await using var host = await CallersHost.StartAsync(settings);
                using var bob = new CallerConnection(host.Address, "bob");
                var get = bob.Request("GetTask", $$"""{"id":"{{bob.Send()}}"}""");
                await MeasureAsync(bob, get);
                var (quiet, loud, answered, refused) = (new List<double>(), new List<double>(), 0L, 0L);
                for (var round = 0; round < options.Rounds; round++)
                {
                    quiet.Add(await MeasureAsync(bob, get));
                    using var stop = new CancellationTokenSource();
                    var abuse = Enumerable.Range(0, connections).Select(_ => Task.Factory.StartNew(
                        () => Abuse(host, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
                    loud.Add(await MeasureAsync(bob, get));
                    await stop.CancelAsync();
                    foreach (var each in await Task.WhenAll(abuse))
                        (answered, refused) = (answered + each.Answered, refused + each.Refused);
                }

                var seconds = options.Rounds * Samples * Between.TotalSeconds;
                report.Add($"bob beside alice's {connections}{limits}", quiet, loud, " µs", limits.Length == 0 ? Target.AtMost(2) : Target.None);
                report.Add("… alice's that are answered", answered / seconds, " /s", Target.None);
                report.Add("… alice's that are refused", refused / seconds, " /s", Target.None);
            }
        }
    }

    private static async Task<double> MeasureAsync(CallerConnection bob, byte[] request)
    {
        var times = new double[Samples];
        for (var i = 0; i < Samples; i++)
        {
            await Task.Delay(Between);
            times[i] = bob.Time(request, 200, "TASK_STATE_COMPLETED");
        }

        return Report.Median(times);
    }

    /// <summary>Sends messages, each of which is a task where it is let in, as fast as they are answered.</summary>
    private static (long Answered, long Refused) Abuse(CallersHost host, CancellationToken stop)
    {
        var (answered, refused) = (0L, 0L);
        using var alice = new CallerConnection(host.Address, "alice");
        while (!stop.IsCancellationRequested)
        {
            if (alice.Exchange(alice.Message()).Status == 200)
                answered++;
            else
                refused++;
        }

        return (answered, refused);
    }
}
