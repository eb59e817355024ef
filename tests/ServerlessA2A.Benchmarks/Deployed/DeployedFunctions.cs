using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grpc.Core;
using ServerlessA2A.Benchmarks.Servers;
using ServerlessA2A.Functions.Local.Emulators;
using ServerlessA2A.Functions.Local.PostgreSql;
using ServerlessA2A.GoogleCloud.PubSub;

namespace ServerlessA2A.Benchmarks.Deployed;

/// <summary>
/// The published agent as it is deployed: each function a process of its own, MessageFunction two, RunTaskFunction three; Firestore's
/// emulator or PostgreSQL, and that of Pub/Sub; a bridge in the place of Eventarc, and a sweep each minute.
/// </summary>
internal sealed class DeployedFunctions : IAsyncDisposable
{
    private const string Project = "load";

    /// <summary>
    /// How many run requests are with the instances at once: the deployed instances take 10 each, and there are more of them.
    /// </summary>
    private const int RunsAtOnce = 300;

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<IAsyncDisposable> _services;
    private readonly List<Task> _loops = [];
    private readonly SemaphoreSlim _free = new(RunsAtOnce);
    private readonly PublisherServiceApiClient _publisher;
    private readonly SubscriberServiceApiClient _subscriber;
    private int _turn;

    private DeployedFunctions(ServerProgram agent, List<IAsyncDisposable> services, string pubSub)
    {
        _services = services;
        Environment.SetEnvironmentVariable(Emulator.PubSub.Variable, pubSub);
        _publisher = new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build();
        _subscriber = new SubscriberServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build();
        Messages = [Start("MessageFunction"), Start("MessageFunction")];
        Runs = [Start("RunTaskFunction"), Start("RunTaskFunction"), Start("RunTaskFunction")];
        Sweep = Start("SweepFunction");

        RunningServer Start(string function) => RunningServer.StartListening(
            agent with
            {
                Name = function,
                Arguments = [],
                Variables = [.. agent.Variables, ("FUNCTION_TARGET", $"ServerlessA2A.Functions.{function}")]
            });
    }

    public IReadOnlyList<RunningServer> Messages { get; }

    public IReadOnlyList<RunningServer> Runs { get; }

    public RunningServer Sweep { get; }

    public IEnumerable<RunningServer> All => [.. Messages, .. Runs, Sweep];

    /// <summary>How often an instance has answered a request for a run with a failure, which is delivered again.</summary>
    public int FailedDeliveries { get; private set; }

    /// <param name="agent">The published agent.</param>
    /// <param name="onPostgreSql">Whether tasks are in PostgreSQL instead of Firestore's emulator.</param>
    public static async Task<DeployedFunctions> StartAsync(ServerProgram agent, bool onPostgreSql)
    {
        var pubSub = await StartAsync(Emulator.PubSub);
        var services = new List<IAsyncDisposable> { pubSub };
        (string, string)[] store;
        if (onPostgreSql)
        {
            var bin = PostgreSqlProcess.Find(out var missing) ?? throw new InvalidOperationException(missing);
            var server = await PostgreSqlProcess.StartAsync(bin, "-c", "max_connections=200");
            services.Add(server);
            store = [("A2A__Tasks__Store", "PostgreSql"), ("A2A__PostgreSql__ConnectionString", server.ConnectionString())];
        }
        else
        {
            var firestore = await StartAsync(Emulator.Firestore);
            services.Add(firestore);
            store = [("A2A__Tasks__Store", "GoogleCloud"), (Emulator.Firestore.Variable, firestore.Host)];
        }

        agent = agent with
        {
            Variables =
            [
                .. agent.Variables, .. store, (Emulator.PubSub.Variable, pubSub.Host), ("GOOGLE_CLOUD_PROJECT", Project),
                ("A2A__Security__Identity__0", "none"), ("Logging__LogLevel__Default", "Error"),
            ],
        };
        if (onPostgreSql)
            await MigrateAsync(agent);
        var functions = new DeployedFunctions(agent, services, pubSub.Host);
        await functions.ConnectAsync("a2a-tasks", functions.Runs);
        await functions.ConnectAsync("a2a-sweep", [functions.Sweep]);
        functions._loops.Add(functions.ScheduleAsync());
        return functions;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        foreach (var server in All)
            server.Dispose();
        foreach (var service in _services)
            await service.DisposeAsync();
        _http.Dispose();
        _free.Dispose();
        _stop.Dispose();
    }

    private static async Task<EmulatorProcess> StartAsync(Emulator emulator) =>
        await emulator.StartAsync(emulator.Find(out var missing) ?? throw new InvalidOperationException(missing));

    private static async Task MigrateAsync(ServerProgram agent)
    {
        var start = new ProcessStartInfo("dotnet", [agent.Assembly, "--migrate"]) { RedirectStandardOutput = true };
        foreach (var (name, value) in agent.Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"--migrate failed: {output}");
    }

    private async Task ConnectAsync(string topicId, IReadOnlyList<RunningServer> instances)
    {
        var (topic, subscription) = (new TopicName(Project, topicId), new SubscriptionName(Project, topicId));
        await _publisher.CreateTopicAsync(topic, CancellationToken.None);
        await _subscriber.CreateSubscriptionAsync(subscription, topic, null, 600, CancellationToken.None);
        for (var i = 0; i < 2; i++)
            _loops.Add(Task.Run(() => PullAsync(topic, subscription, instances)));
    }

    /// <summary>Does what Cloud Scheduler does.</summary>
    private async Task ScheduleAsync()
    {
        using var minutes = new PeriodicTimer(TimeSpan.FromMinutes(1));
        try
        {
            while (await minutes.WaitForNextTickAsync(_stop.Token))
            {
                await _publisher.PublishAsync(
                    new TopicName(Project, "a2a-sweep"), [new PubsubMessage { Data = ByteString.CopyFromUtf8("{}") }], _stop.Token);
            }
        }
        catch (Exception stopped) when (stopped is RpcException or OperationCanceledException && _stop.IsCancellationRequested)
        {
            // All is measured.
        }
    }

    private async Task PullAsync(TopicName topic, SubscriptionName subscription, IReadOnlyList<RunningServer> instances)
    {
        var deliveries = new ConcurrentDictionary<Task, bool>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var pulled = await _subscriber.PullAsync(subscription, 100, _stop.Token);
                foreach (var received in pulled.ReceivedMessages)
                {
                    await _free.WaitAsync(_stop.Token);
                    var delivery = DeliverAsync(topic, subscription, received, instances);
                    deliveries[delivery] = true;
                    _ = delivery.ContinueWith(done => deliveries.TryRemove(done, out _), TaskScheduler.Default);
                }
            }
            catch (RpcException idle) when (idle.StatusCode == StatusCode.DeadlineExceeded)
            {
                // Nothing has come for long.
            }
            catch (Exception stopped) when (stopped is RpcException or OperationCanceledException && _stop.IsCancellationRequested)
            {
                // All is measured.
            }
        }

        await Task.WhenAll(deliveries.Keys);
    }

    private async Task DeliverAsync(
        TopicName topic, SubscriptionName subscription, ReceivedMessage received, IReadOnlyList<RunningServer> instances)
    {
        try
        {
            var address = instances[(int)((uint)Interlocked.Increment(ref _turn) % instances.Count)].Address;
            using var request = ToRequest(topic, subscription, received.Message, new Uri($"http://{address}/"));
            using var response = await _http.SendAsync(request, _stop.Token);
            if (response.IsSuccessStatusCode)
                await _subscriber.AcknowledgeAsync(subscription, [received.AckId], CancellationToken.None);
            else
                await GiveBackAsync();
        }
        catch (HttpRequestException)
        {
            await GiveBackAsync();
        }
        catch (OperationCanceledException)
        {
            // All is measured.
        }
        finally
        {
            _free.Release();
        }

        async Task GiveBackAsync()
        {
            FailedDeliveries++;
            await _subscriber.ModifyAckDeadlineAsync(subscription, [received.AckId], 1, CancellationToken.None);
        }
    }

    private static HttpRequestMessage ToRequest(TopicName topic, SubscriptionName subscription, PubsubMessage message, Uri address)
    {
        var data = new PubSubEvent
        {
            Subscription = $"{subscription}",
            Message = new PubSubMessage
            {
                Data = message.Data.Memory,
                Attributes = new Dictionary<string, string>(message.Attributes),
                MessageId = message.MessageId,
                PublishTime = message.PublishTime.ToDateTimeOffset(),
            },
        };
        return new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(data.ToCloudEventData().GetRawText(), new MediaTypeHeaderValue("application/json")),
            Headers =
            {
                { "ce-id", message.MessageId },
                { "ce-type", "google.cloud.pubsub.topic.v1.messagePublished" },
                { "ce-source", $"//pubsub.googleapis.com/{topic}" },
                { "ce-specversion", "1.0" },
            },
        };
    }
}
