using System.Diagnostics;
using System.Net.Sockets;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Client;

/// <summary>Many connections that each send the next request as soon as the last one is answered, on one thread.</summary>
internal static class Load
{
    private const int Connections = 32;
    private const int LongestWait = 30_000_000;

    /// <summary>Requests a second.</summary>
    public static double Run(RunningServer server, Request request, TimeSpan duration)
    {
        var began = Stopwatch.GetTimestamp();
        var answered = Run(server, request, _ => Stopwatch.GetElapsedTime(began) >= duration);
        return answered / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>So many requests.</summary>
    public static void Run(RunningServer server, Request request, int count) => Run(server, request, answered => answered >= count);

    private static int Run(RunningServer server, Request request, Func<int, bool> isOver)
    {
        var connections = Enumerable.Range(0, Connections).Select(_ => server.Connect()).ToDictionary(connection => connection.Socket);
        try
        {
            foreach (var connection in connections.Values)
                connection.Send(request);

            var (answered, waiting) = (0, new List<Socket>());
            for (var open = Connections; open > 0;)
            {
                waiting.Clear();
                waiting.AddRange(connections.Keys);
                Socket.Select(waiting, null, null, LongestWait);
                if (waiting.Count == 0)
                    throw new InvalidOperationException("The server has not answered for 30 s.");
                var over = isOver(answered);
                foreach (var socket in waiting)
                {
                    var connection = connections[socket];
                    if (!connection.Receive())
                        continue;
                    answered++;
                    if (over)
                        open--;
                    else
                        connection.Send(request);
                }
            }

            return answered;
        }
        finally
        {
            foreach (var connection in connections.Values)
                connection.Dispose();
        }
    }
}
