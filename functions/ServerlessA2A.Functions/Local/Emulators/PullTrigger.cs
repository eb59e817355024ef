using System.Runtime.CompilerServices;
using Google.Cloud.PubSub.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessA2A.GoogleCloud.PubSub;

namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>
/// Eventarc for the Pub/Sub emulator: pulls messages, delivers them to the functions, and acknowledges those that succeeded.
/// </summary>
internal sealed class PullTrigger(
    SubscriberServiceApiClient subscriber,
    EmulatorTopics topics,
    IReadOnlyList<PubSubTrigger> triggers,
    EventDelivery events,
    TimeProvider time,
    ILogger<PullTrigger> logger) : BackgroundService
{
    /// <summary>The number of concurrent deliveries, as on a few instances of Cloud Run; more wait in Pub/Sub.</summary>
    private const int MaxConcurrentRuns = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ExtendEvery = TimeSpan.FromSeconds(EmulatorTopics.AckDeadlineSeconds / 3);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await topics.CreateAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentRuns, CancellationToken = stoppingToken };
        try
        {
            await Task.WhenAll(triggers.Select(trigger => Parallel.ForEachAsync(
                PullAllAsync(topics.SubscriptionOf(trigger), stoppingToken), options,
                (received, _) => DeliverAsync(trigger, received, stoppingToken))));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutdown was requested.
        }
    }

    private async IAsyncEnumerable<ReceivedMessage> PullAllAsync(
        SubscriptionName subscription, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            IEnumerable<ReceivedMessage> pulled = [];
            if (!await EmulatorCalls.TryAsync(
                async stopping => pulled = await PullAsync(subscription, stopping), logger, cancellationToken))
                await Task.Delay(Pause, time, cancellationToken);
            foreach (var received in pulled)
                yield return received;
        }
    }

    private async Task<IEnumerable<ReceivedMessage>> PullAsync(SubscriptionName subscription, CancellationToken cancellationToken)
    {
        try
        {
            return (await subscriber.PullAsync(subscription, MaxConcurrentRuns, cancellationToken)).ReceivedMessages;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.DeadlineExceeded)
        {
            // No message arrived for a while.
            return [];
        }
    }

    private async ValueTask DeliverAsync(PubSubTrigger trigger, ReceivedMessage received, CancellationToken stoppingToken)
    {
        var subscription = topics.SubscriptionOf(trigger);
        var isAcknowledged = false;
        using var isOver = new CancellationTokenSource();
        var holding = HoldAsync(subscription, received.AckId, isOver.Token);
        try
        {
            isAcknowledged = await events.DeliverAsync(trigger, ToMessage(received.Message), topics.Project, stoppingToken);
        }
        finally
        {
            await isOver.CancelAsync();
            await holding;
            // Also during shutdown: a message that is given back is redelivered at once.
            await (isAcknowledged
                ? CallAsync(limit => subscriber.AcknowledgeAsync(subscription, [received.AckId], limit))
                : CallAsync(limit => subscriber.ModifyAckDeadlineAsync(subscription, [received.AckId], 0, limit)));
        }
    }

    /// <summary>Extends the deadline of a message while its function works.</summary>
    private async Task HoldAsync(SubscriptionName subscription, string ackId, CancellationToken isOver)
    {
        using var timer = new PeriodicTimer(ExtendEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(isOver))
                await CallAsync(
                    limit => subscriber.ModifyAckDeadlineAsync(subscription, [ackId], EmulatorTopics.AckDeadlineSeconds, limit));
        }
        catch (OperationCanceledException) when (isOver.IsCancellationRequested)
        {
            // Settled already.
        }
    }

    private async Task CallAsync(Func<CancellationToken, Task> call)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        await EmulatorCalls.TryAsync(_ => call(limit.Token), logger, CancellationToken.None);
    }

    private static PubSubMessage ToMessage(PubsubMessage message) => new()
    {
        Data = message.Data.Memory,
        Attributes = new Dictionary<string, string>(message.Attributes),
        MessageId = message.MessageId,
        PublishTime = message.PublishTime.ToDateTimeOffset(),
    };
}
