using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using ServerlessA2A.Benchmarks.Servers;
using ServerlessA2A.Grpc.V1;
using Task = System.Threading.Tasks.Task;

namespace ServerlessA2A.Benchmarks.Grpc;

/// <summary>
/// How many gRPC calls one core answers, beside the JavaScript SDK's server (tests/interop/grpc-server.mjs), whose agent answers at once
/// too.
/// </summary>
internal static class GrpcMeasure
{
    private const int Callers = 32;
    private const double Most = 0.33;

    /// <summary>How long both servers are called before they are measured.</summary>
    private static readonly TimeSpan Compilers = TimeSpan.FromSeconds(10);

    private static readonly Metadata Version = new() { { "a2a-version", "1.0" } };

    public static async Task RunAsync(Programs programs, Options options, Report report)
    {
        var root = Programs.FindRoot();
        var (port, theirPort) = (FreePort(), FreePort());
        using var ours = Start(Pinning.Server(programs.Ours.Assembly), Path.GetDirectoryName(programs.Ours.Assembly)!,
            [.. programs.Ours.Arguments, "--urls", $"http://127.0.0.1:{FreePort()}", "--grpc-port", $"{port}"]);
        using var theirs = Start(
            Pinning.Server("grpc-server.mjs", program: "node"), Path.Combine(root, "tests", "interop"), $"{theirPort}");
        try
        {
            using var our = await ConnectAsync(port);
            using var their = await ConnectAsync(theirPort);
            var (ourTask, theirTask) = (await SendAsync(new(our)), await SendAsync(new(their)));
            await MeasureAsync("GetTask of a finished task", () => GetAsync(new(their), theirTask), () => GetAsync(new(our), ourTask));
            await MeasureAsync("SendMessage, blocking", () => SendAsync(new(their)), () => SendAsync(new(our)));
            await MeasureAsync("SendStreamingMessage, to its end", () => StreamAsync(new(their)), () => StreamAsync(new(our)));
        }
        finally
        {
            ours.Kill();
            theirs.Kill();
        }

        async Task MeasureAsync(string call, Func<Task> callTheirs, Func<Task> callOurs)
        {
            var duration = TimeSpan.FromSeconds(options.Seconds);
            var (reference, mine) = (new List<Load>(), new List<Load>());
            await LoadAsync(theirs, callTheirs, Compilers);
            await LoadAsync(ours, callOurs, Compilers);
            for (var round = 0; round < options.Rounds; round++)
            {
                reference.Add(await LoadAsync(theirs, callTheirs, duration));
                mine.Add(await LoadAsync(ours, callOurs, duration));
            }

            Report($"calls/s: {call}", load => load.Rate, "", Target.None);
            Report($"processor: {call}", load => load.Processor, " µs", Target.AtMost(Most));

            void Report(string question, Func<Load, double> figure, string unit, Target target) =>
                report.Add(question, [.. reference.Select(figure)], [.. mine.Select(figure)], unit, target);
        }
    }

    private static async Task<Load> LoadAsync(Process server, Func<Task> call, TimeSpan duration)
    {
        server.Refresh();
        var (began, processor, calls) = (Stopwatch.GetTimestamp(), server.TotalProcessorTime, 0);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                await call();
                Interlocked.Increment(ref calls);
            }
        }));
        var elapsed = Stopwatch.GetElapsedTime(began);
        server.Refresh();
        return new(calls / elapsed.TotalSeconds, (server.TotalProcessorTime - processor).TotalMicroseconds / calls);
    }

    private static async Task GetAsync(A2AService.A2AServiceClient client, string taskId) =>
        await client.GetTaskAsync(new() { Id = taskId }, Version);

    private static async Task<string> SendAsync(A2AService.A2AServiceClient client) =>
        (await client.SendMessageAsync(NewMessage(), Version)).Task.Id;

    private static async Task StreamAsync(A2AService.A2AServiceClient client)
    {
        using var stream = client.SendStreamingMessage(NewMessage(), Version);
        while (await stream.ResponseStream.MoveNext(CancellationToken.None))
        {
        }
    }

    private static SendMessageRequest NewMessage() => new()
    {
        Message = new() { MessageId = Guid.NewGuid().ToString(), Role = Role.User, Parts = { new Part { Text = "hello" } } },
    };

    private static Process Start(ProcessStartInfo start, string folder, params string[] arguments)
    {
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.Environment.Remove("ASPNETCORE_URLS");
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task<GrpcChannel> ConnectAsync(int port)
    {
        var channel = GrpcChannel.ForAddress(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await channel.ConnectAsync(patience.Token);
        return channel;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What a round of load has shown.</summary>
    /// <param name="Rate">Calls a second.</param>
    /// <param name="Processor">Microseconds of processor time that the server has used for each.</param>
    private readonly record struct Load(double Rate, double Processor);
}
