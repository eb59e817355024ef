using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>
/// An emulator that this process started. A shell in between ends it when its standard input closes: when it is disposed, and when this
/// process dies in any way.
/// </summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan Startup = TimeSpan.FromSeconds(60);

    private const string Shell = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        emulator=$!
        {
            cat <&3
            kill -TERM $emulator
            for i in $(seq 50); do kill -0 $emulator && sleep 0.1; done
            kill -KILL $emulator
        } >/dev/null 2>&1 &
        wait $emulator
        """;

    private readonly Process process;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> lastLines = new();

    private EmulatorProcess(string host, string readyLine, IEnumerable<string> command)
    {
        Host = host;
        process = new Process
        {
            StartInfo = new ProcessStartInfo("/bin/sh", ["-c", Shell, "emulator", .. command])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.OutputDataReceived += OnLine;
        process.ErrorDataReceived += OnLine;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // Every failed precondition logs a stack trace: read everything, keep little.
        void OnLine(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is not { } line)
                return;
            lock (lastLines)
            {
                lastLines.Enqueue(line);
                if (lastLines.Count > 30)
                    lastLines.Dequeue();
            }
            // The output has the port, so whatever listens there is this process.
            if (line.Contains(readyLine, StringComparison.Ordinal))
                ready.TrySetResult();
        }
    }

    /// <summary>Host and port.</summary>
    public string Host { get; }

    /// <param name="readyLine">The line that it prints when it listens, with {host} and {port} filled in.</param>
    /// <param name="command">The command line, likewise.</param>
    public static async Task<EmulatorProcess> StartAsync(string readyLine, params IReadOnlyList<string> command)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var emulator = new EmulatorProcess($"127.0.0.1:{port}", Fill(readyLine), command.Select(Fill));
            try
            {
                await emulator.WaitUntilReadyAsync();
                return emulator;
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                // Another process may have taken the port.
                await emulator.DisposeAsync();
            }

            string Fill(string text) => text
                .Replace("{host}", "127.0.0.1", StringComparison.Ordinal)
                .Replace("{port}", $"{port}", StringComparison.Ordinal);
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync()
    {
        using var deadline = new CancellationTokenSource(Startup);
        try
        {
            if (await Task.WhenAny(ready.Task.WaitAsync(deadline.Token), process.WaitForExitAsync(deadline.Token)) != ready.Task &&
                !ready.Task.IsCompleted)
                throw NotReady();
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            using var answer = await http.GetAsync(new Uri($"http://{Host}/"), deadline.Token);
            if (answer.StatusCode != HttpStatusCode.OK)
                throw NotReady();
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            throw NotReady();
        }
    }

    private InvalidOperationException NotReady()
    {
        lock (lastLines)
            return new($"The emulator at {Host} did not start:\n{string.Join('\n', lastLines)}");
    }
}
