using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Benchmarks.Emulators;
using ServerlessA2A.Functions.Local.Emulators;

namespace ServerlessA2A.Benchmarks.Callers;

/// <summary>
/// Whether the time of an answer tells whether an id is another's or nobody's: bob asks for alice's tasks and for what is not there, in
/// turns on one connection.
/// </summary>
internal static class OwnershipMeasure
{
    /// <summary>Of the normal distribution: 99 of 100 intervals hold what there is.</summary>
    private const double Certainty = 2.576;

    public static async Task RunAsync(Options options, Report report)
    {
        await using (var host = await CallersHost.StartAsync(("A2A:Limits:RequestsPerSecond", "0")))
            Measure(host, new Size(Tasks: 500, Text: 5, WarmUp: 3_000, Pairs: 10_000), "", options, report);
        if (Emulator.Firestore.Find(out var missing) is null || Emulator.PubSub.Find(out missing) is null)
        {
            Console.WriteLine($"Firestore is not measured. {missing}");
            return;
        }

        await using var emulators = await EmulatorPair.StartAsync(static (services, _) => services.AddAgent<OfflineAgent>());
        // Large, so that it would be told by the clock where another's is fetched.
        await using (var host = await CallersHost.StartOnEmulatorsAsync(("A2A:Limits:RequestsPerSecond", "0")))
            Measure(host, new Size(Tasks: 50, Text: 200_000, WarmUp: 200, Pairs: 1_000), ", Firestore", options, report);
    }

    private static void Measure(CallersHost host, Size size, string where, Options options, Report report)
    {
        using var alice = new CallerConnection(host.Address, "alice");
        using var bob = new CallerConnection(host.Address, "bob");
        var ids = Enumerable.Range(0, size.Tasks).Select(_ => alice.Send(new string('x', size.Text))).ToArray();
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
            Measure(bob, theirs, nobodys, size.WarmUp);
            var (reference, ours, wins) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < options.Rounds; round++)
            {
                var (there, notThere) = Measure(bob, theirs, nobodys, size.Pairs);
                reference.Add(Report.Median(notThere));
                ours.Add(Report.Median(there));
                wins.AddRange(there.Zip(notThere, (own, other) => own > other ? 1.0 : own < other ? 0.0 : 0.5));
            }

            report.Add($"{operation}: not yours{where}", reference, ours, " µs", Target.None);
            // The sign test: were both alike, each would be the slower one of half the pairs.
            var (share, error) = (wins.Average(), Certainty * 0.5 / Math.Sqrt(wins.Count));
            report.Add(string.Create(CultureInfo.InvariantCulture, $"… is the slower of two (chance: 50 ± {error * 100:0.0} %)"),
                share * 100, " %", Target.AtMost(52));
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

    /// <param name="Tasks">How many tasks of alice's.</param>
    /// <param name="Text">The length of their messages.</param>
    /// <param name="WarmUp">How many pairs are not counted.</param>
    /// <param name="Pairs">How many are, in a round.</param>
    private sealed record Size(int Tasks, int Text, int WarmUp, int Pairs);
}
