using System.Globalization;

namespace ServerlessA2A.Benchmarks.Callers;

/// <summary>Whether the time of an answer tells whether an id is another's or nobody's: bob asks for alice's tasks and for what is not there, in turns on one connection.</summary>
internal static class OwnershipMeasure
{
    private const int Tasks = 500;
    private const int WarmUp = 3_000;
    private const int Pairs = 10_000;

    /// <summary>Of the normal distribution: 99 of 100 intervals hold what there is.</summary>
    private const double Certainty = 2.576;

    public static async Task RunAsync(Options options, Report report)
    {
        await using var host = await CallersHost.StartAsync(("A2A:Limits:RequestsPerSecond", "0"));
        using var alice = new CallerConnection(host.Address, "alice");
        using var bob = new CallerConnection(host.Address, "bob");
        var ids = Enumerable.Range(0, Tasks).Select(_ => alice.Send()).ToArray();
        foreach (var (operation, parameters) in new (string, Func<string, string>)[]
        {
            ("GetTask", id => $$"""{"id":"{{id}}"}"""), ("CancelTask", id => $$"""{"id":"{{id}}"}"""),
            ("ListTaskPushNotificationConfigs", id => $$"""{"taskId":"{{id}}"}"""),
            ("SendMessage", id => $$$"""{"message":{"messageId":"m","taskId":"{{{id}}}","role":"ROLE_USER","parts":[{"text":"x"}]}}"""),
        })
        {
            var theirs = ids.Select(id => bob.Request(operation, parameters(id))).ToArray();
            // As many, and as often asked for: what a processor keeps near is so for both.
            var nobodys = ids.Select(_ => bob.Request(operation, parameters(Guid.NewGuid().ToString()))).ToArray();
            Measure(bob, theirs, nobodys, WarmUp);
            var (reference, ours, wins) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < options.Rounds; round++)
            {
                var (there, notThere) = Measure(bob, theirs, nobodys, Pairs);
                reference.Add(Report.Median(notThere));
                ours.Add(Report.Median(there));
                wins.AddRange(there.Zip(notThere, (own, other) => own > other ? 1.0 : own < other ? 0.0 : 0.5));
            }

            report.Add($"{operation}: not yours, against not there", reference, ours, " µs", Target.None);
            // The sign test: were both alike, each would be the slower one of half the pairs.
            var (share, error) = (wins.Average(), Certainty * 0.5 / Math.Sqrt(wins.Count));
            report.Add(string.Create(CultureInfo.InvariantCulture, $"… is the slower of two (chance: 50 ± {error * 100:0.0} %)"), share * 100, " %", Target.AtMost(52));
        }
    }

    /// <summary>In pairs, and by turns first and second: the second finds everything warm.</summary>
    private static (double[] Theirs, double[] Nobodys) Measure(CallerConnection bob, byte[][] theirs, byte[][] nobodys, int pairs)
    {
        var (there, notThere) = (new double[pairs], new double[pairs]);
        for (var i = 0; i < pairs; i++)
        {
            var at = i / 2 % theirs.Length;
            if (i % 2 == 0)
                there[i] = bob.Time(theirs[at], 200, "TASK_NOT_FOUND");
            notThere[i] = bob.Time(nobodys[at], 200, "TASK_NOT_FOUND");
            if (i % 2 == 1)
                there[i] = bob.Time(theirs[at], 200, "TASK_NOT_FOUND");
        }

        return (there, notThere);
    }
}
