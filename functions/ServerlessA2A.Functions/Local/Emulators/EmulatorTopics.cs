using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.GoogleCloud;

namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>The topics and subscriptions that a deployment would have, in the emulator of Pub/Sub.</summary>
internal sealed class EmulatorTopics(
    PublisherServiceApiClient publisher,
    SubscriberServiceApiClient subscriber,
    IReadOnlyList<PubSubTrigger> triggers,
    IOptions<GoogleCloudOptions> options,
    ILogger<EmulatorTopics> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a message is held without an answer before it comes again: the least that Pub/Sub allows, extended while its function
    /// works. What a process held that was killed, or what was answered to a pull that it had just given up, is not gone for long.
    /// </summary>
    public const int AckDeadlineSeconds = 10;

    /// <summary>The project that they are in.</summary>
    public string Project => options.Value.ProjectId!;

    /// <summary>The subscription that delivers to a function. Local hosts on the same emulator share it, and the work.</summary>
    public SubscriptionName SubscriptionOf(PubSubTrigger trigger) => new(Project, $"{trigger.Topic}-local");

    /// <summary>Makes those that are not there.</summary>
    /// <exception cref="StartFaultException">The emulator can't be reached.</exception>
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
                $"{variable} is {Environment.GetEnvironmentVariable(variable)}, and no emulator answers there as it should: "
                + ((failure as RpcException)?.Status.Detail ?? failure.Message));
        }
    }

    /// <summary>Does what Cloud Scheduler does every minute.</summary>
    public Task RequestSweepAsync(CancellationToken cancellationToken) => EmulatorCalls.TryAsync(
        stopping => publisher.PublishAsync(TopicOf(PubSubTrigger.Sweep), [new PubsubMessage { Data = ByteString.CopyFromUtf8("{}") }], stopping),
        logger,
        cancellationToken);

    private TopicName TopicOf(PubSubTrigger trigger) => new(Project, trigger.Topic);

    private Subscription Describe(PubSubTrigger trigger) => new()
    {
        SubscriptionName = SubscriptionOf(trigger),
        TopicAsTopicName = TopicOf(trigger),
        AckDeadlineSeconds = AckDeadlineSeconds,
        RetryPolicy = new() { MinimumBackoff = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)), MaximumBackoff = Duration.FromTimeSpan(TimeSpan.FromSeconds(30)) },
        DeadLetterPolicy = trigger.Function == typeof(RunTaskFunction)
            ? new() { DeadLetterTopic = TopicOf(triggers.Single(other => other.Function == typeof(DeadLetterFunction))).ToString(), MaxDeliveryAttempts = PubSubTrigger.MaxDeliveries }
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
            // Made by an earlier run, or by another local host.
        }
    }
}
