using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Callers;

/// <summary>
/// A caller at full speed, in a process of its own: on each of its connections it sends the next message as soon as the last is answered,
/// or refused.
/// </summary>
internal sealed class AbuserProcess : IDisposable
{
    /// <summary>The command that is this program as that caller.</summary>
    public const string Command = "abuser";

    private const int LongestWait = 1_000_000;

    private readonly Process _process;

    private AbuserProcess(Process process) => _process = process;

    /// <summary>Starts it, and comes back when it is at it.</summary>
    public static AbuserProcess Start(IPEndPoint server, string caller, int connections)
    {
        var start = Pinning.Background(typeof(AbuserProcess).Assembly.Location);
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        foreach (var argument in new[] { Command, $"{server}", caller, connections.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The caller did not start.");
        return new AbuserProcess(process);
    }

    /// <summary>Ends it, and tells how many of its messages were answered and refused since it started.</summary>
    public (long Answered, long Refused) Stop()
    {
        _process.StandardInput.Close();
        var counts = Array.ConvertAll(
            _process.StandardOutput.ReadLine()!.Split(' '), count => long.Parse(count, CultureInfo.InvariantCulture));
        return (counts[0], counts[1]);
    }

    /// <summary>Is that caller until the standard input ends.</summary>
    /// <param name="args">Server, caller, number of connections.</param>
    public static int Send(string[] args)
    {
        var (server, caller, count) = (IPEndPoint.Parse(args[0]), args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
        // The console reads at once, whatever its methods are called.
        var over = Task.Run(Console.In.ReadToEnd);
        var connections = Enumerable.Range(0, count).Select(_ => new CallerConnection(server, caller))
            .ToDictionary(connection => connection.Socket);
        foreach (var connection in connections.Values)
            connection.Send(connection.Message());
        Console.WriteLine();
        var (answered, refused, ready) = (0L, 0L, new List<Socket>());
        while (!over.IsCompleted)
        {
            ready.Clear();
            ready.AddRange(connections.Keys);
            Socket.Select(ready, null, null, LongestWait);
            foreach (var connection in ready.Select(socket => connections[socket]).Where(connection => connection.Receive()))
            {
                if (connection.Status == 200)
                    answered++;
                else
                    refused++;
                connection.Send(connection.Message());
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answered} {refused}"));
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
