using System.Diagnostics;
using ServerlessA2A.Benchmarks.Client;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Measures;

/// <summary>How long one client waits, who is alone.</summary>
internal static class LatencyMeasure
{
    private const int Samples = 500;

    public static void Run(Programs programs, Options options, Report report)
    {
        using var pair = new Pair(programs);
        Measure("median of a blocking send", Request.BlockingSend, WaitForAnswer);
        Measure("median of a stream's first event", Request.Stream, WaitForFirstEvent);

        void Measure(string question, Request request, Func<Connection, Request, TimeSpan> wait)
        {
            pair.Save(request);
            var (reference, ours) = (new List<double>(), new List<double>());
            for (var round = -1; round < options.Rounds; round++)
            {
                var theirs = MedianOf(pair.Reference, request, wait);
                var our = MedianOf(pair.Ours, request, wait);
                if (round < 0)
                    continue;
                reference.Add(theirs);
                ours.Add(our);
            }

            report.Add(question, reference, ours, " ms", Target.None);
            report.Add(question + ", in ms", Report.Median(ours), " ms", Target.AtMost(5));
        }
    }

    private static double MedianOf(RunningServer server, Request request, Func<Connection, Request, TimeSpan> wait)
    {
        using var connection = server.Connect();
        var times = new double[Samples];
        for (var i = 0; i < Samples; i++)
            times[i] = wait(connection, request).TotalMilliseconds;
        return Report.Median(times);
    }

    private static TimeSpan WaitForAnswer(Connection connection, Request request)
    {
        var began = Stopwatch.GetTimestamp();
        connection.Exchange(request);
        return Stopwatch.GetElapsedTime(began);
    }

    private static TimeSpan WaitForFirstEvent(Connection connection, Request request)
    {
        var began = Stopwatch.GetTimestamp();
        connection.Send(request);
        bool isWhole;
        do
            isWhole = connection.Receive();
        while (connection.Body.IndexOf("\n\n"u8) < 0);
        var time = Stopwatch.GetElapsedTime(began);
        while (!isWhole)
            isWhole = connection.Receive();
        return time;
    }
}
