using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ServerlessA2A.Benchmarks.Servers;
using ServerlessA2A.Grpc.V1;
using Task = System.Threading.Tasks.Task;

namespace ServerlessA2A.Benchmarks.Grpc;

/// <summary>
/// How many gRPC calls one core answers, beside the JavaScript SDK's server (tests/interop/grpc-server.mjs), whose agent answers at once
/// too. The client sends prepared bytes and reads no answer: it has only one core, too.
/// </summary>
internal static class GrpcMeasure
{
    private const int Callers = 32;
    private const double Most = 0.33;

    /// <summary>How long both servers are called before they are measured.</summary>
    private static readonly TimeSpan Compilers = TimeSpan.FromSeconds(10);

    private static readonly Metadata Version = new() { { "a2a-version", "1.0" } };

    private static readonly Method<byte[], byte[]> Get = MethodOf(MethodType.Unary, "GetTask");
    private static readonly Method<byte[], byte[]> Send = MethodOf(MethodType.Unary, "SendMessage");
    private static readonly Method<byte[], byte[]> Stream = MethodOf(MethodType.ServerStreaming, "SendStreamingMessage");

    private static readonly byte[] Template = new SendMessageRequest
    {
        Message = new() { MessageId = $"{Guid.Empty}", Role = Role.User, Parts = { new Part { Text = "hello" } } },
    }.ToByteArray();

    private static readonly int IdInTemplate = Template.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"{Guid.Empty}"));

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
            var (ourTask, theirTask) = (await AboutTaskAsync(our), await AboutTaskAsync(their));
            await MeasureAsync("GetTask of a finished task", () => CallAsync(their, Get, theirTask), () => CallAsync(our, Get, ourTask));
            await MeasureAsync(
                "SendMessage, blocking", () => CallAsync(their, Send, NewMessage()), () => CallAsync(our, Send, NewMessage()));
            await MeasureAsync("SendStreamingMessage, to its end", () => StreamAsync(their), () => StreamAsync(our));
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

    private static async Task CallAsync(GrpcChannel channel, Method<byte[], byte[]> method, byte[] request)
    {
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(Version), request);
        await call;
    }

    private static async Task StreamAsync(GrpcChannel channel)
    {
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(Stream, null, new CallOptions(Version), NewMessage());
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
        }
    }

    /// <summary>A poll of a new task.</summary>
    private static async Task<byte[]> AboutTaskAsync(GrpcChannel channel)
    {
        var sent = await new A2AService.A2AServiceClient(channel).SendMessageAsync(
            SendMessageRequest.Parser.ParseFrom(NewMessage()), Version);
        return new GetTaskRequest { Id = sent.Task.Id }.ToByteArray();
    }

    /// <summary>A message with an id of its own.</summary>
    private static byte[] NewMessage()
    {
        byte[] message = [.. Template];
        Guid.NewGuid().TryFormat(message.AsSpan(IdInTemplate), out _);
        return message;
    }

    private static Method<byte[], byte[]> MethodOf(MethodType type, string name) => new(
        type, A2AService.Descriptor.FullName, name, Marshallers.Create(bytes => bytes, bytes => bytes),
        Marshallers.Create(bytes => bytes, bytes => bytes));

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
