using ServerlessA2A.Benchmarks.Client;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Measures;

/// <summary>What a process holds: after its start, and when many tasks have passed through the in-memory store.</summary>
internal static class MemoryMeasure
{
    private const int Tasks = 100_000;
    private const double Mebibyte = 1024 * 1024;

    public static void Run(Programs programs, Options options, Report report)
    {
        AfterStart("memory after the first card, local host", programs.Ours);
        AfterStart("memory after the first card, AgentCardFunction", programs.Function("AgentCardFunction"));
        AfterTasks();

        void AfterStart(string question, ServerProgram program)
        {
            var (reference, ours) = (new List<double>(), new List<double>());
            for (var i = 0; i < options.Rounds; i++)
            {
                reference.Add(MeasureStart(programs.Reference));
                ours.Add(MeasureStart(program));
            }

            report.Add(question, reference, ours, " MB", Target.AtMost(1.2));
        }

        void AfterTasks()
        {
            using var pair = new Pair(programs);
            pair.Save(Request.BlockingSend);
            Load.Run(pair.Reference, Request.BlockingSend, Tasks);
            Load.Run(pair.Ours, Request.BlockingSend, Tasks);
            var once = pair.Ours.WorkingSet / Mebibyte;
            report.Add("memory after 100,000 tasks", [pair.Reference.WorkingSet / Mebibyte], [once], " MB", Target.None);
            Load.Run(pair.Ours, Request.BlockingSend, Tasks);
            // As much again and nothing more held: bounded.
            report.Add("memory after 100,000 more tasks", [once], [pair.Ours.WorkingSet / Mebibyte], " MB", Target.AtMost(1.1));
        }
    }

    private static double MeasureStart(ServerProgram program)
    {
        using var server = RunningServer.Start(program, Request.Card);
        return server.WorkingSet / Mebibyte;
    }
}
