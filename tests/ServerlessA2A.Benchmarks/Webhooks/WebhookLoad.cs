using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Benchmarks.Webhooks;

/// <summary>
/// How many webhooks one instance calls, and what those hold that never answer. In memory: what is counted is the delivery alone.
/// </summary>
internal sealed class WebhookLoad : IAsyncDisposable
{
    private const int Workers = 32;
    private const int Events = 10;
    private const int Hanging = 1000;

    /// <summary>There are 100 connections to a host at most.</summary>
    private const int Hosts = 20;

    private static readonly CallContext Call = new() { Caller = new Caller("", "benchmark"), Version = ProtocolVersion.V1_0 };

    private readonly RecordingDeliveryQueue _queue = new();
    private readonly ServiceProvider _services;

    private WebhookLoad()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["A2A:Agent:PushNotifications"] = "true",
            ["A2A:Webhooks:AllowLoopback"] = "true",
        }).Build();
        _services = new ServiceCollection().AddLogging().AddAgent<TalkingAgent>()
            .AddSingleton<IDeliveryQueue>(_queue).AddSingleton<IHostAddresses, LoopbackAddresses>()
            .AddServerlessA2A(configuration).AddInMemoryState(configuration)
            .Configure<WebhookOptions>(options => options.TimeLimit = TimeSpan.FromMinutes(5)).BuildServiceProvider();
    }

    public static async Task RunAsync(Options options, Report report)
    {
        // Before there is a heap that has grown; what is made once is made.
        await CallsAsync(tasks: 20, runs: true);
        await HangAsync(report);
        var (ofMany, ofOne) = (new List<double>(), new List<double>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            var (many, one) = (await CallsAsync(tasks: 200, runs: true), await CallsAsync(tasks: 2000, runs: false));
            // The first is for warming up.
            if (round == 0)
                continue;
            ofMany.Add(many);
            ofOne.Add(one);
        }

        report.Add("webhooks/s: 200 tasks of 10 events", Report.Median(ofMany), "/s", Target.None);
        report.Add("webhooks/s: 2000 tasks of one", Report.Median(ofOne), "/s", Target.None);
    }

    public static SendMessageRequest Request(Uri webhook) => new()
    {
        Message = new Message { MessageId = Guid.NewGuid().ToString(), Role = Role.User, Parts = [Part.FromText("hello")] },
        Configuration = new SendMessageConfiguration
        {
            ReturnImmediately = true,
            TaskPushNotificationConfig = new() { Id = "hook", Url = webhook.AbsoluteUri }
        },
    };

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private WebhookDelivery Delivery => _services.GetRequiredService<WebhookDelivery>();

    /// <summary>How many webhooks are called a second.</summary>
    private static async Task<double> CallsAsync(int tasks, bool runs)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var load = new WebhookLoad();
        var runner = load._services.GetRequiredService<TaskRunner>();
        for (var i = 0; i < tasks; i++)
        {
            var id = await load.SendAsync(new Uri(receiver.Address, $"/{i}"));
            if (runs)
                await runner.RunAsync(new RunRequest(id), default);
        }

        // As from tasks that run side by side.
        var waiting = new Queue<DeliveryRequest>(load._queue.Published.OrderBy(request => request.Seq));
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            while (Take() is { } request)
                await load.Delivery.DeliverAsync(request, default);
        })));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var (calls, expected) = (receiver.Received.Count, runs ? tasks * Events : tasks);
        return calls == expected ? calls / seconds
            : throw new InvalidOperationException($"{calls} webhooks were called instead of {expected}.");

        DeliveryRequest? Take()
        {
            lock (waiting)
                return waiting.TryDequeue(out var next) ? next : null;
        }
    }

    /// <summary>
    /// What deliveries hold whose receiver takes the call and never answers. Of the receiver there is a socket each, no more.
    /// </summary>
    private static async Task HangAsync(Report report)
    {
        await using var load = new WebhookLoad();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Hanging);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        for (var i = 0; i < Hanging; i++)
            await load.SendAsync(new Uri($"http://hook{i % Hosts}.example.com:{port}/{i}"));

        using var stop = new CancellationTokenSource();
        var before = await HeldAsync();
        var deliveries = load._queue.Published.Select(request => load.Delivery.DeliverAsync(request, stop.Token)).ToList();
        var taken = new List<Socket>(Hanging);
        while (taken.Count < Hanging)
            taken.Add(await listener.AcceptAsync().WithinLimit("all webhooks are called"));
        while (taken.Exists(static socket => socket.Available == 0))
            await Task.Delay(20);
        if (deliveries.Find(static delivery => delivery.IsCompleted) is { } completed)
            throw new InvalidOperationException("Not all of them hang.", completed.Exception);
        var during = await HeldAsync();

        await stop.CancelAsync();
        foreach (var delivery in deliveries)
            await delivery.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var socket in taken)
            socket.Dispose();
        deliveries.Clear();
        taken.Clear();
        var after = await HeldAsync();

        Add("none hangs", before);
        Add($"{Hanging} hang", during);
        Add("they were cancelled", after);
        report.Add("heap of a delivery that hangs", (during.Heap - before.Heap) / 1024 / Hanging, " KiB", Target.None);
        report.Add("working set of a delivery that hangs", (during.WorkingSet - before.WorkingSet) / 1024 / Hanging, " KiB", Target.None);

        void Add(string when, (double Heap, double WorkingSet) held)
        {
            report.Add($"{when}: heap", held.Heap / 1024 / 1024, " MiB", Target.None);
            report.Add($"{when}: working set", held.WorkingSet / 1024 / 1024, " MiB", Target.None);
        }
    }

    private static async Task<(double Heap, double WorkingSet)> HeldAsync()
    {
        // What is over is let go by then.
        await Task.Delay(1000);
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        return (heap, Environment.WorkingSet);
    }

    private async Task<string> SendAsync(Uri webhook) =>
        (await _services.GetRequiredService<TaskLifecycle>().SendAsync(Call, Request(webhook), default)).Task!.Id;

    /// <summary>With being sent and begun, its task has ten events.</summary>
    private sealed class TalkingAgent : IAgent
    {
        public async IAsyncEnumerable<AgentUpdate> RunAsync(
            AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            for (var i = 0; i < Events - 3; i++)
                yield return AgentUpdate.Report("busy");
            yield return AgentUpdate.Complete();
        }
    }

    private sealed class LoopbackAddresses : IHostAddresses
    {
        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            new([IPAddress.Loopback]);
    }
}
