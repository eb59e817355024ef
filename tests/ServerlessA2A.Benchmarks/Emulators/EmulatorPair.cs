using System.Collections.Concurrent;
using Google.Api.Gax;
using Google.Cloud.Firestore;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Functions.Local.Emulators;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Benchmarks.Emulators;

/// <summary>
/// Both emulators with two instances of the engine on them, which share nothing else: one takes messages, the other runs tasks. A bridge
/// pulls and delivers, for the engine and for the floor alike.
/// </summary>
internal sealed class EmulatorPair : IAsyncDisposable
{
    public const string Project = "benchmark";

    private static readonly TopicName Floor = new(Project, "floor");

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _delivered = new();
    private readonly EmulatorProcess[] _emulators;
    private readonly ServiceProvider _messages;
    private readonly ServiceProvider _runs;
    private readonly FirestoreDb _database;
    private readonly PublisherServiceApiClient _publisher;
    private readonly SubscriberServiceApiClient _subscriber;
    private readonly List<Task> _bridges = [];
    private long _published;

    private EmulatorPair(
        EmulatorProcess[] emulators, Action<IServiceCollection, IConfiguration> addAgent, (string Name, string Value)[] settings)
    {
        _emulators = emulators;
        (_messages, _runs) = (Instance(addAgent, settings), Instance(addAgent, settings));
        _database = _messages.GetRequiredService<FirestoreDb>();
        _publisher = new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build();
        _subscriber = new SubscriberServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build();
    }

    public TaskLifecycle Lifecycle => _messages.GetRequiredService<TaskLifecycle>();

    /// <summary>From the instance that runs tasks.</summary>
    public T GetFromRuns<T>()
        where T : notnull => _runs.GetRequiredService<T>();

    /// <summary>How many messages the engine has published.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Starts all of it.</summary>
    /// <param name="addAgent">Adds the agent to an instance.</param>
    /// <param name="settings">Settings of both instances.</param>
    public static async Task<EmulatorPair> StartAsync(
        Action<IServiceCollection, IConfiguration> addAgent, params (string Name, string Value)[] settings)
    {
        var emulators = await Task.WhenAll(StartAsync(Emulator.Firestore), StartAsync(Emulator.PubSub));
        var pair = new EmulatorPair(emulators, addAgent, settings);
        var runner = pair._runs.GetRequiredService<TaskRunner>();
        await pair.BridgeAsync(
            "a2a-tasks",
            message => runner.RunAsync(RunRequestMessage.Read(new PubSubMessage { Data = message.Data.Memory }), pair._stop.Token));
        await pair.BridgeAsync(Floor.TopicId, async message =>
        {
            var id = message.Data.ToStringUtf8();
            await pair._database.Collection("floor").Document(id).UpdateAsync("state", "done");
            pair._delivered[id].SetResult();
        });
        return pair;
    }

    /// <summary>
    /// The least that a task on Firestore and Pub/Sub takes: one create, one publish, one delivery, one update, one read.
    /// </summary>
    public async Task FloorAsync()
    {
        var id = Guid.NewGuid().ToString();
        var delivered = _delivered[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var document = _database.Collection("floor").Document(id);
        await document.CreateAsync(new Dictionary<string, object> { ["state"] = "new", ["text"] = "hello" });
        await _publisher.PublishAsync(Floor, [new PubsubMessage { Data = ByteString.CopyFromUtf8(id) }], CancellationToken.None);
        await delivered.Task;
        await document.GetSnapshotAsync();
        _delivered.TryRemove(id, out _);
    }

    public Task PublishAsync(string topicId, string text) => _publisher.PublishAsync(
        new TopicName(Project, topicId), [new PubsubMessage { Data = ByteString.CopyFromUtf8(text) }], CancellationToken.None);

    /// <summary>Makes a topic, and delivers what comes there.</summary>
    public async Task BridgeAsync(string topicId, Func<PubsubMessage, Task> deliver)
    {
        var (topic, subscription) = (new TopicName(Project, topicId), new SubscriptionName(Project, topicId));
        await _publisher.CreateTopicAsync(topic, CancellationToken.None);
        await _subscriber.CreateSubscriptionAsync(subscription, topic, null, 60, CancellationToken.None);
        // Two that pull, so that what comes while one delivers is not kept waiting.
        for (var i = 0; i < 2; i++)
            _bridges.Add(PullAsync(subscription, deliver));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_bridges);
        await _messages.DisposeAsync();
        await _runs.DisposeAsync();
        foreach (var emulator in _emulators)
            await emulator.DisposeAsync();
        _stop.Dispose();
    }

    private static async Task<EmulatorProcess> StartAsync(Emulator emulator)
    {
        var process = await emulator.StartAsync(emulator.Find(out var missing) ?? throw new InvalidOperationException(missing));
        Environment.SetEnvironmentVariable(emulator.Variable, process.Host);
        return process;
    }

    private ServiceProvider Instance(Action<IServiceCollection, IConfiguration> addAgent, (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Append(("A2A:GoogleCloud:ProjectId", Project))
            .Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2))).Build();
        var services = new ServiceCollection().AddLogging();
        addAgent(services, configuration);
        services.AddSingleton(provider => new PubSubTaskQueue(
            provider.GetRequiredService<GoogleClient<PublisherServiceApiClient>>(),
            provider.GetRequiredService<IOptions<GoogleCloudOptions>>()));
        services.AddSingleton<ITaskQueue>(provider => new CountingQueue(provider.GetRequiredService<PubSubTaskQueue>(), this));
        return services.AddServerlessA2A(configuration).AddGoogleCloudTasks(configuration).BuildServiceProvider();
    }

    private async Task PullAsync(SubscriptionName subscription, Func<PubsubMessage, Task> deliver)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var pulled = await _subscriber.PullAsync(subscription, 32, _stop.Token);
                foreach (var received in pulled.ReceivedMessages)
                    _ = DeliverAsync(received);
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

        async Task DeliverAsync(ReceivedMessage received)
        {
            await deliver(received.Message);
            await _subscriber.AcknowledgeAsync(subscription, [received.AckId], CancellationToken.None);
        }
    }

    private sealed class CountingQueue(PubSubTaskQueue queue, EmulatorPair pair) : ITaskQueue
    {
        public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref pair._published);
            return queue.PublishRunAsync(request, cancellationToken);
        }
    }
}
