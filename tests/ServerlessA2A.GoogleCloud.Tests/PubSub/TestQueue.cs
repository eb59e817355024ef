using System.Collections.Concurrent;
using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Microsoft.Extensions.Options;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance;

namespace ServerlessA2A.GoogleCloud.Tests.PubSub;

/// <summary>The queue on the emulator, in a project of its own, with the other end: a subscription that is pulled from.</summary>
internal sealed class TestQueue : ITakingQueue
{
    private readonly PubSubTaskQueue queue;
    private readonly SubscriberServiceApiClient subscriber;
    private readonly SubscriptionName subscription;
    private readonly ConcurrentQueue<PubsubMessage> pulled = new();

    private TestQueue(GoogleCloudOptions options, SubscriberServiceApiClient subscriber)
    {
        queue = Over(options);
        this.subscriber = subscriber;
        subscription = new(options.ProjectId, "runner");
    }

    public static async Task<TestQueue> CreateAsync()
    {
        await SharedEmulator.PubSub.HostAsync();
        var options = new GoogleCloudOptions { ProjectId = TestProject.NewId(), RequestTimeout = TimeSpan.FromSeconds(60) };
        var topic = new TopicName(options.ProjectId, options.TaskTopic);
        var publisher = await new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.BuildAsync();
        await publisher.CreateTopicAsync(topic, CancellationToken.None);
        var test = new TestQueue(
            options, await new SubscriberServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.BuildAsync());
        await test.subscriber.CreateSubscriptionAsync(test.subscription, topic, null, 60, CancellationToken.None);
        return test;
    }

    public static PubSubTaskQueue Over(GoogleCloudOptions options) => new(
        new GoogleClient<PublisherServiceApiClient>("Pub/Sub", () =>
        new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build()),
        Options.Create(options));

    public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken) =>
        queue.PublishRunAsync(request, cancellationToken);

    public async Task<RunRequest> TakeAsync(CancellationToken cancellationToken) =>
        RunRequestMessage.Read(await TakeMessageAsync(cancellationToken));

    /// <summary>Takes a message as a function would be given it.</summary>
    public async Task<PubSubMessage> TakeMessageAsync(CancellationToken cancellationToken)
    {
        PubsubMessage? message;
        while (!pulled.TryDequeue(out message))
        {
            var received = (await subscriber.PullAsync(subscription, 100, cancellationToken)).ReceivedMessages;
            if (received.Count == 0)
                continue;
            await subscriber.AcknowledgeAsync(subscription, received.Select(each => each.AckId), cancellationToken);
            foreach (var each in received)
                pulled.Enqueue(each.Message);
        }
        return new PubSubMessage
        {
            Data = message.Data.Memory,
            Attributes = new Dictionary<string, string>(message.Attributes),
            MessageId = message.MessageId
        };
    }
}
