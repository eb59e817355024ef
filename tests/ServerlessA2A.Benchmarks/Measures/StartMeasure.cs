using ServerlessA2A.Benchmarks.Client;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Measures;

/// <summary>How long from the start of the process to the first answer: what a client waits for when nothing runs.</summary>
internal static class StartMeasure
{
    private const int StartsPerRound = 3;

    public static void Run(Programs programs, Options options, Report report)
    {
        Measure("start to the card, local host", programs.Ours, Request.Card, Target.AtMost(1.2));
        Measure("start to the card, AgentCardFunction", programs.Function("AgentCardFunction"), Request.Card, Target.AtMost(1.2));
        Measure("start to a blocking send, local host", programs.Ours, Request.BlockingSend, Target.AtMost(1.4));
        Measure("start to an immediate send, MessageFunction", programs.Function("MessageFunction"), Request.ImmediateSend,
            Target.AtMost(1.4));

        void Measure(string question, ServerProgram program, Request request, Target target)
        {
            // The first start of each reads the files.
            Start(programs.Reference, request);
            Start(program, request);
            var (reference, ours) = (new List<double>(), new List<double>());
            for (var i = 0; i < options.Rounds * StartsPerRound; i++)
            {
                reference.Add(Start(programs.Reference, request));
                ours.Add(Start(program, request));
            }

            report.Add(question, reference, ours, " ms", target);
        }
    }

    private static double Start(ServerProgram program, Request request)
    {
        using var server = RunningServer.Start(program, request, out var time);
        return time.TotalMilliseconds;
    }
}
