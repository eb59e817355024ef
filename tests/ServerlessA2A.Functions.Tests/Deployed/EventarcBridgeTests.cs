using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>The bridge does what Eventarc does, also when the way to Pub/Sub is cut.</summary>
public class EventarcBridgeTests
{
    [SkippableFact]
    public async Task ItGoesOnWhenPubSubIsBack()
    {
        var (topic, subscription) = await SubscribeAsync(TestProject.NewId());
        using var proxy = new TcpProxy(await SharedEmulator.PubSub.HostAsync());
        var pulls = 0;
        var isGivenUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.NextFate = () =>
        {
            // A client tries a pull several times before it gives up; nothing but another pull can follow so many.
            if (Interlocked.Increment(ref pulls) == 25)
                isGivenUp.TrySetResult();
            return TcpProxy.Fate.RequestLost;
        };
        var arrived = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bridge = new EventarcBridge(SubscriberBy(proxy.Host))
        {
            Arrange = (_, messages) =>
            {
                if (messages.Count > 0)
                    arrived.TrySetResult(messages[0].Message.Data.ToStringUtf8());
                return [];
            },
        };
        bridge.Connect(topic, subscription);
        await isGivenUp.Task.WithinLimit("the bridge pulls again");

        proxy.NextFate = () => TcpProxy.Fate.Arrives;

        Assert.Equal("hello", await arrived.Task.WithinLimit("the message arrives"));
    }

    /// <summary>A subscription in which a message waits.</summary>
    private static async Task<(TopicName Topic, SubscriptionName Subscription)> SubscribeAsync(string project)
    {
        var host = await SharedEmulator.PubSub.HostAsync();
        var publisher = SharedEmulator.PubSub.With(
            host, () => new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build());
        var (topic, subscription) = (new TopicName(project, "topic"), new SubscriptionName(project, "subscription"));
        await publisher.CreateTopicAsync(topic, CancellationToken.None);
        await SubscriberBy(host)
            .CreateSubscriptionAsync(subscription, topic, pushConfig: null, ackDeadlineSeconds: 10, CancellationToken.None);
        await publisher.PublishAsync(topic, [new PubsubMessage { Data = ByteString.CopyFromUtf8("hello") }], CancellationToken.None);
        return (topic, subscription);
    }

    private static SubscriberServiceApiClient SubscriberBy(string host) => SharedEmulator.PubSub.With(
        host, () => new SubscriberServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build());
}
