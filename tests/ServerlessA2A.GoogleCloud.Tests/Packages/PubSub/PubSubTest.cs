using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.PubSub;

/// <summary>A project of its own on the emulator, through the package or its stand-in alike.</summary>
public abstract class PubSubTest : IAsyncLifetime
{
    private readonly string project = TestProject.NewId();

    protected PublisherServiceApiClient Publisher { get; private set; } = null!;

    protected SubscriberServiceApiClient Subscriber { get; private set; } = null!;

    protected TopicName TopicName => new(project, "runs");

    protected SubscriptionName SubscriptionName => new(project, "runner");

    public async Task InitializeAsync()
    {
        await SharedEmulator.PubSub.HostAsync();
        Publisher = await new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOrProduction }.BuildAsync();
        Subscriber =
            await new SubscriberServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOrProduction }.BuildAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    protected async Task SubscribeAsync(Action<Subscription>? change = null)
    {
        await Publisher.CreateTopicAsync(TopicName, CancellationToken.None);
        var subscription = new Subscription
        {
            SubscriptionName = SubscriptionName,
            TopicAsTopicName = TopicName,
            // A message that a slow test holds for too long would come again.
            AckDeadlineSeconds = 600,
        };
        change?.Invoke(subscription);
        await Subscriber.CreateSubscriptionAsync(subscription, CancellationToken.None);
    }

    protected async Task<string> PublishAsync(string data, params (string Key, string Value)[] attributes)
    {
        var message = new PubsubMessage { Data = ByteString.CopyFromUtf8(data) };
        foreach (var (key, value) in attributes)
            message.Attributes[key] = value;
        return Assert.Single((await Publisher.PublishAsync(TopicName, [message], CancellationToken.None)).MessageIds);
    }

    /// <summary>Pulls until that many have come.</summary>
    protected async Task<List<ReceivedMessage>> PullAsync(int count, SubscriptionName? subscription = null)
    {
        using var guard = new CancellationTokenSource(Guard.Limit);
        List<ReceivedMessage> received = [];
        while (received.Count < count)
            received.AddRange(
                (await Subscriber.PullAsync(subscription ?? SubscriptionName, count - received.Count, guard.Token)).ReceivedMessages);
        return received;
    }
}
