using System.Security.Cryptography;
using System.Text;
using ServerlessA2A.Benchmarks.Client;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Callers;

/// <summary>
/// What one caller at full speed does to another: bob's time for an answer while alice sends as fast as she is answered, against his quiet
/// one, with the limits as they are by themselves.
/// </summary>
internal static class NeighbourMeasure
{
    private const int Samples = 100;

    /// <summary>Bob is within his own limit of 50 a second, or else it would be measured how he is refused.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(21);

    private static readonly (string Name, string Value)[] Keys =
    [
        ("A2A__Security__Identity__0", "api-key"), ("A2A__Security__ApiKeys__Hashes__0", $"alice={HashOf("alice")}"),
        ("A2A__Security__ApiKeys__Hashes__1", $"bob={HashOf("bob")}"),
    ];

    private static readonly (
        string Name, string Value)[] NoLimits = [("A2A__Limits__RequestsPerSecond", "0"), ("A2A__InMemory__MaxTasks", "10000000")];

    public static void Run(Programs programs, Options options, Report report)
    {
        // The last is as many as Cloud Run lets into an instance at a time, as it is deployed.
        foreach (var connections in new[] { 1, 8, 32, 80 })
            Run(programs, $"bob beside alice's {connections}", connections, [], Target.AtMost(2), options, report);
        Run(programs, "bob beside alice's 32, no limits", 32, NoLimits, Target.None, options, report);
        Run(programs, "bob beside a stranger's 32", 32, [], Target.AtMost(2), options, report, "stranger");
    }

    private static void Run(
        Programs programs, string question, int connections, (string, string)[] settings, Target target, Options options, Report report,
        string abuser = "alice")
    {
        using var server = RunningServer.Start(programs.Ours with { Variables = [.. Keys, .. settings] }, Request.Card);
        using var bob = new CallerConnection(server.Address, "bob");
        var get = bob.Request("GetTask", $$"""{"id":"{{bob.Send()}}"}""");
        MedianOf(bob, get);
        var (quiet, loud, answered, refused) = (new List<double>(), new List<double>(), 0L, 0L);
        // The first round is for warming up: who is refused is compiled then, too.
        for (var round = -1; round < options.Rounds; round++)
        {
            var alone = MedianOf(bob, get);
            using var process = AbuserProcess.Start(server.Address, abuser, connections);
            var beside = MedianOf(bob, get);
            var done = process.Stop();
            if (round < 0)
                continue;
            quiet.Add(alone);
            loud.Add(beside);
            (answered, refused) = (answered + done.Answered, refused + done.Refused);
        }

        var seconds = options.Rounds * Samples * Between.TotalSeconds;
        report.Add(question, quiet, loud, " µs", target);
        report.Add("… the other's that are answered", answered / seconds, " /s", Target.None);
        report.Add("… the other's that are refused", refused / seconds, " /s", Target.None);
    }

    private static double MedianOf(CallerConnection bob, byte[] request)
    {
        var times = new double[Samples];
        for (var i = 0; i < Samples; i++)
        {
            Thread.Sleep(Between);
            times[i] = bob.Time(request, 200, "TASK_STATE_COMPLETED");
        }

        return Report.Median(times);
    }

    private static string HashOf(string caller) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller)));
}
