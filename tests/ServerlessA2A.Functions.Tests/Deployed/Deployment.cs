using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>
/// The test agent as it is deployed: each function a process of its own, MessageFunction two, RunTaskFunction several, and NotifyFunction
/// where there are webhooks; Firestore or PostgreSQL, and Pub/Sub on the emulators, in a project of its own; and a bridge in the place of
/// Eventarc.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly PublisherServiceApiClient _publisher;
    private readonly SubscriberServiceApiClient _subscriber;

    private Deployment(
        string project, int runs, int notifies, Func<System.Type, FunctionInstance> newInstance, PublisherServiceApiClient publisher,
        SubscriberServiceApiClient subscriber)
    {
        (Project, _publisher, _subscriber) = (project, publisher, subscriber);
        Bridge = new EventarcBridge(subscriber);
        Card = newInstance(typeof(AgentCardFunction));
        Messages = [newInstance(typeof(MessageFunction)), newInstance(typeof(MessageFunction))];
        Runs = [.. Enumerable.Range(0, runs).Select(_ => newInstance(typeof(RunTaskFunction)))];
        Notifies = [.. Enumerable.Range(0, notifies).Select(_ => newInstance(typeof(NotifyFunction)))];
        Sweep = newInstance(typeof(SweepFunction));
        DeadLetter = newInstance(typeof(DeadLetterFunction));
        Callback = newInstance(typeof(CallbackFunction));
    }

    /// <summary>The project on the emulators.</summary>
    public string Project { get; }

    public FunctionInstance Card { get; }

    public IReadOnlyList<FunctionInstance> Messages { get; }

    public IReadOnlyList<FunctionInstance> Runs { get; }

    /// <summary>None unless asked for: they are of use where the card offers webhooks.</summary>
    public IReadOnlyList<FunctionInstance> Notifies { get; }

    public FunctionInstance Sweep { get; }

    public FunctionInstance DeadLetter { get; }

    /// <summary>Not started unless a test starts it: only few agents have callbacks.</summary>
    public FunctionInstance Callback { get; }

    public EventarcBridge Bridge { get; }

    /// <summary>Every instance of every function.</summary>
    public IEnumerable<FunctionInstance> Instances => [Card, .. Messages, .. Runs, .. Notifies, Sweep, DeadLetter];

    /// <summary>
    /// Starts it all. A lease is short, and the sweep looks at once, so that tests need not wait; settings of the test win.
    /// </summary>
    /// <param name="runs">How many instances of RunTaskFunction there are.</param>
    /// <param name="wayTo">Makes an instance's own way to an emulator, host and port; unless given, the emulator's own.</param>
    /// <param name="notifies">How many instances of NotifyFunction there are.</param>
    /// <param name="store">The settings that choose an instance's store; unless given, Firestore's emulator.</param>
    /// <param name="deliveries">How often a request for a run is delivered before it is a dead letter.</param>
    /// <param name="program">The program, by its folder.</param>
    /// <param name="settings">Environment variables.</param>
    public static async Task<Deployment> StartAsync(
        int runs = 2, Func<string, string>? wayTo = null, int notifies = 0, Func<(string Name, string Value)[]>? store = null,
        int deliveries = 5, string program = Programs.TestAgent, params (string Name, string Value)[] settings)
    {
        var project = TestProject.NewId();
        var pubSub = await SharedEmulator.PubSub.HostAsync();
        wayTo ??= host => host;
        if (store is null)
        {
            var firestore = await SharedEmulator.Firestore.HostAsync();
            store = () => [("FIRESTORE_EMULATOR_HOST", wayTo(firestore))];
        }

        var deployment = new Deployment(
            project,
            runs,
            notifies,
            NewInstance,
            SharedEmulator.PubSub.With(
                pubSub, () => new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build()),
            SharedEmulator.PubSub.With(
                pubSub, () => new SubscriberServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build()));
        await deployment.ConnectAsync("a2a-dead", [deployment.DeadLetter]);
        await deployment.ConnectAsync("a2a-tasks", deployment.Runs, deadLetters: "a2a-dead", deliveries);
        if (notifies > 0)
            await deployment.ConnectAsync("a2a-notifications", deployment.Notifies);
        await deployment.ConnectAsync("a2a-sweep", [deployment.Sweep]);
        await Task.WhenAll(deployment.Instances.Select(instance => instance.StartAsync()));
        return deployment;

        FunctionInstance NewInstance(System.Type function) => new(
            function,
            program,
            [
                .. store(),
                ("PUBSUB_EMULATOR_HOST", wayTo(pubSub)),
                ("GOOGLE_CLOUD_PROJECT", project),
                // A machine that is busy with other tests is no fault of the emulators.
                ("Test__GoogleCloud__RequestTimeout", "00:00:30"),
                ("Test__Tasks__LeaseDuration", "00:00:03"),
                ("Test__Tasks__SweepDelay", "00:00:00"),
                .. settings,
            ]);
    }

    /// <summary>Publishes a message, which need not be one that the agent would publish.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> PublishAsync(string topic, string data) =>
        (await _publisher.PublishAsync(
            new TopicName(Project, topic), [new PubsubMessage { Data = ByteString.CopyFromUtf8(data) }],
            CancellationToken.None)).MessageIds[0];

    /// <summary>Asks for sweeps, as Cloud Scheduler does but more often, until something has happened.</summary>
    public async Task SweepUntilAsync(Task happened, string what)
    {
        using var schedule = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var limit = Task.Delay(Guard.Limit);
        while (!happened.IsCompleted)
        {
            if (limit.IsCompleted)
                throw new TimeoutException($"Did not happen: {what}.\n{this}");
            await PublishAsync("a2a-sweep", "{}");
            await Task.WhenAny(happened, schedule.WaitForNextTickAsync().AsTask());
        }

        await happened;
    }

    /// <summary>The instance that runs a task, or has run it last; waits until there is one.</summary>
    public Task<FunctionInstance> RunnerOfAsync(string taskId) => RunThatPrintsAsync(line => IsBeginOf(line, taskId));

    /// <summary>The instance of RunTaskFunction that prints a line that is like this; waits until there is one.</summary>
    public async Task<FunctionInstance> RunThatPrintsAsync(Func<string, bool> isIt)
    {
        var printer = await RunningProgram.PrinterAsync(Runs.Select(run => run.Program), isIt).WithinLimit("an instance prints the line");
        return Runs.Single(run => run.Program == printer);
    }

    /// <summary>What every instance has logged as an error.</summary>
    public IEnumerable<string> LoggedErrors => Instances.SelectMany(instance => instance.LoggedErrors);

    /// <summary>Whether a line of its log says that a run of the task begins.</summary>
    public static bool IsBeginOf(string line, string taskId) => line.Contains($"Counting for {taskId} begins", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Bridge.DisposeAsync();
        foreach (var instance in Instances.Append(Callback))
            await instance.DisposeAsync();
    }

    /// <summary>What every instance has printed.</summary>
    public override string ToString() => string.Join("\n\n", Instances);

    private async Task ConnectAsync(string topic, IReadOnlyList<FunctionInstance> instances, string? deadLetters = null, int deliveries = 5)
    {
        var topicName = new TopicName(Project, topic);
        var subscription = new SubscriptionName(Project, $"eventarc-{topic}");
        await _publisher.CreateTopicAsync(topicName, CancellationToken.None);
        await _subscriber.CreateSubscriptionAsync(
            new Subscription
            {
                SubscriptionName = subscription,
                TopicAsTopicName = topicName,
                AckDeadlineSeconds = 600,
                RetryPolicy = new()
                {
                    MinimumBackoff = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(100)),
                    MaximumBackoff = Duration.FromTimeSpan(TimeSpan.FromSeconds(1))
                },
                DeadLetterPolicy = deadLetters is null ? null
                : new() { DeadLetterTopic = TopicName.Format(Project, deadLetters), MaxDeliveryAttempts = deliveries },
            },
            CancellationToken.None);
        Bridge.Connect(topicName, subscription, instances);
    }
}
