using System.Text.Json;
using ServerlessA2A.Benchmarks.Client;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Measures;

/// <summary>What a process holds: after its start, and when many tasks have passed through the in-memory store.</summary>
internal static class MemoryMeasure
{
    private const int Tasks = 100_000;
    private const int Streams = 1_000;
    private const double Mebibyte = 1024 * 1024;

    public static void Run(Programs programs, Options options, Report report)
    {
        AfterStart("memory after the first card, local host", programs.Ours);
        AfterStart("memory after the first card, AgentCardFunction", programs.Function("AgentCardFunction"));
        AfterTasks();
        IdleStreams();

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
            report.Add("memory after 100,000 tasks, in MB", once, " MB", Target.AtMost(150));
            Load.Run(pair.Ours, Request.BlockingSend, 9 * Tasks);
            // Ten times as many and nothing more held: bounded.
            report.Add("memory after 1,000,000 tasks, over that", [once], [pair.Ours.WorkingSet / Mebibyte], " MB", Target.AtMost(1.1));
        }

        // The same load before and after, so that what the collector leaves free for new objects is the same.
        void IdleStreams()
        {
            using var server = RunningServer.Start(
                programs.Ours with { Variables = [.. programs.Ours.Variables, ("A2A__Http__RequestTimeLimit", "00:50:00")] }, Request.Card);
            var poll = Request.GetTask(NewTask(server, Request.BlockingSend));
            Load.Run(server, poll, Tasks);
            var before = server.WorkingSet;
            var streams = Enumerable.Range(0, Streams).Select(_ => OpenStream(server)).ToList();
            Load.Run(server, poll, Tasks);
            report.Add("memory of an idle stream", (server.WorkingSet - before) / (1024.0 * Streams), " KiB", Target.AtMost(20));
            streams.ForEach(stream => stream.Dispose());
        }
    }

    private static string NewTask(RunningServer server, Request send)
    {
        using var connection = server.Connect();
        using var answer = JsonDocument.Parse(connection.Exchange(send).ToArray());
        return answer.RootElement.GetProperty("result").GetProperty("task").GetProperty("id").GetString()!;
    }

    /// <summary>A stream of a task that waits for its client: after the task nothing comes.</summary>
    private static Connection OpenStream(RunningServer server)
    {
        var subscription = Request.Subscribe(NewTask(server, Request.Question));
        var connection = server.Connect();
        connection.Send(subscription);
        while (connection.Body.IndexOf("\n\n"u8) < 0)
            connection.Receive();
        return connection;
    }

    private static double MeasureStart(ServerProgram program)
    {
        using var server = RunningServer.Start(program, Request.Card);
        return server.WorkingSet / Mebibyte;
    }
}
