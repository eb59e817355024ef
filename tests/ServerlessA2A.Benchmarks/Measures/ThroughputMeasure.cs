using ServerlessA2A.Benchmarks.Client;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Measures;

/// <summary>How many requests one core answers, with 32 connections.</summary>
internal static class ThroughputMeasure
{
    public static void Run(Programs programs, Options options, Report report)
    {
        using (var pair = new Pair(programs, programs.Function("AgentCardFunction")))
            Measure("requests/s: card, AgentCardFunction", pair, Request.Card, 0.85);

        using (var pair = new Pair(programs))
        {
            Measure("requests/s: card, local host", pair, Request.Card, 0.85);
            Measure("requests/s: GetTask of a finished task", pair, pair.GetFinishedTask(), 0.70);
            Measure("requests/s: SendMessage, returnImmediately", pair, Request.ImmediateSend, 0.40);
            Measure("requests/s: SendMessage, blocking", pair, Request.BlockingSend, 0.35);
            Measure("requests/s: SendStreamingMessage, to its end", pair, Request.Stream, 0.35);
        }

        void Measure(string question, Pair pair, Request request, double target)
        {
            pair.Save(request);
            var duration = TimeSpan.FromSeconds(options.Seconds);
            var (reference, ours) = (new List<double>(), new List<double>());
            // The first pair is for the compiler: code is compiled again while it runs.
            for (var round = -1; round < options.Rounds; round++)
            {
                var theirs = Load.Run(pair.Reference, request, duration);
                var our = Load.Run(pair.Ours, request, duration);
                if (round < 0)
                    continue;
                reference.Add(theirs);
                ours.Add(our);
            }

            report.Add(question, reference, ours, "", Target.AtLeast(target));
        }
    }
}
