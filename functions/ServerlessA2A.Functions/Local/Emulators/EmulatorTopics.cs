using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.GoogleCloud;

namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>The topics and subscriptions of a deployment, in the Pub/Sub emulator.</summary>
internal sealed class EmulatorTopics(
    PublisherServiceApiClient publisher,
    SubscriberServiceApiClient subscriber,
    IReadOnlyList<PubSubTrigger> triggers,
    IOptions<GoogleCloudOptions> options,
    ILogger<EmulatorTopics> logger)
{
    /// <summary>How long all of it may take: the first calls of a process are slow, and more so while other programs start.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The acknowledgement deadline: the minimum of Pub/Sub, extended while the function works. It bounds the delay of messages that a
    /// killed process held, or that answered a pull just after it was abandoned.
    /// </summary>
    public const int AckDeadlineSeconds = 10;

    /// <summary>The project of the topics.</summary>
    public string Project => options.Value.ProjectId!;

    /// <summary>The subscription of a function. Local hosts on the same emulator share it, and the work.</summary>
    public SubscriptionName SubscriptionOf(PubSubTrigger trigger) => new(Project, $"{trigger.Topic}-local");

    /// <summary>Creates missing topics and subscriptions.</summary>
    /// <exception cref="StartFaultException">The emulator is unreachable.</exception>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            foreach (var trigger in triggers)
                await UnlessThereAsync(publisher.CreateTopicAsync(TopicOf(trigger), limit.Token));
            foreach (var trigger in triggers)
                await UnlessThereAsync(subscriber.CreateSubscriptionAsync(Describe(trigger), limit.Token));
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var variable = Emulator.PubSub.Variable;
            throw new StartFaultException(
                $"{variable} is {Environment.GetEnvironmentVariable(variable)}, but no emulator responds there correctly: "
                + ((failure as RpcException)?.Status.Detail ?? failure.Message));
        }
    }

    /// <summary>Publishes the sweep, as Cloud Scheduler does every minute.</summary>
    public Task RequestSweepAsync(CancellationToken cancellationToken) => EmulatorCalls.TryAsync(
        stopping => publisher.PublishAsync(
            TopicOf(PubSubTrigger.Sweep), [new PubsubMessage { Data = ByteString.CopyFromUtf8("{}") }], stopping),
        logger,
        cancellationToken);

    private TopicName TopicOf(PubSubTrigger trigger) => new(Project, trigger.Topic);

    private Subscription Describe(PubSubTrigger trigger) => new()
    {
        SubscriptionName = SubscriptionOf(trigger),
        TopicAsTopicName = TopicOf(trigger),
        AckDeadlineSeconds = AckDeadlineSeconds,
        RetryPolicy = new()
        {
            MinimumBackoff = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)),
            MaximumBackoff = Duration.FromTimeSpan(TimeSpan.FromSeconds(30)),
        },
        DeadLetterPolicy = trigger.Function == typeof(RunTaskFunction)
            ? new()
            {
                DeadLetterTopic = TopicOf(triggers.Single(other => other.Function == typeof(DeadLetterFunction))).ToString(),
                MaxDeliveryAttempts = PubSubTrigger.MaxDeliveries,
            }
            : null,
    };

    private static async Task UnlessThereAsync(Task creation)
    {
        try
        {
            await creation;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.AlreadyExists)
        {
            // Created by an earlier run, or by another local host.
        }
    }
}
