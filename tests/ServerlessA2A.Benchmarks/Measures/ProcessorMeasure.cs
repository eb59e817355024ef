using ServerlessA2A.Benchmarks.Client;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Measures;

/// <summary>How many requests a second of processor time answers: the rate, also while other jobs use the machine.</summary>
internal static class ProcessorMeasure
{
    /// <summary>Linux counts processor time in steps of 10 ms: this many requests take 500 ms or more.</summary>
    private const int Requests = 20_000;

    public static void Run(Programs programs, Options options, Report report)
    {
        using (var pair = new Pair(programs, programs.Function("AgentCardFunction")))
            Measure("card, AgentCardFunction", pair, Request.Card, 0.95);

        using (var pair = new Pair(programs))
        {
            Measure("card, local host", pair, Request.Card, 0.95);
            Measure("GetTask of a finished task", pair, pair.GetFinishedTask(), 0.90);
            Measure("SendMessage, returnImmediately", pair, Request.ImmediateSend, 0.50);
            Measure("SendMessage, blocking", pair, Request.BlockingSend, 0.45);
            Measure("SendStreamingMessage", pair, Request.Stream, 0.40);
        }

        void Measure(string question, Pair pair, Request request, double target)
        {
            pair.Save(request);
            var (reference, ours) = (new List<double>(), new List<double>());
            // The first pair is for the compiler.
            for (var round = -1; round < options.Rounds; round++)
            {
                var theirs = Rate(pair.Reference, request);
                var our = Rate(pair.Ours, request);
                if (round < 0)
                    continue;
                reference.Add(theirs);
                ours.Add(our);
            }

            report.Add($"requests/processor s: {question}", reference, ours, "", Target.AtLeast(target));
        }
    }

    private static double Rate(RunningServer server, Request request)
    {
        var before = server.ProcessorTime;
        Load.Run(server, request, Requests);
        return Requests / (server.ProcessorTime - before).TotalSeconds;
    }
}
