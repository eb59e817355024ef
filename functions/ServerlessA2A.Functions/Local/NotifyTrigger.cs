using Microsoft.Extensions.Hosting;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Notifications;

namespace ServerlessA2A.Functions.Local;

/// <summary>Pub/Sub for one process: delivers each notification to NotifyFunction, later and later until it is acknowledged.</summary>
internal sealed class NotifyTrigger(InMemoryNotificationQueue queue, EventDelivery events, TimeProvider time) : BackgroundService
{
    /// <summary>More than that wait in the queue. Those that wait for their next delivery count too.</summary>
    private const int MaxConcurrent = 1_024;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent, CancellationToken = stoppingToken };
        try
        {
            await Parallel.ForEachAsync(queue.TakeAllAsync(stoppingToken), options, DeliverAsync);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to end.
        }
    }

    private async ValueTask DeliverAsync(Notification notification, CancellationToken cancellationToken)
    {
        var message = events.NewMessage(NotificationMessage.Write(notification));
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            if (await events.DeliverAsync(PubSubTrigger.Notify, message, GoogleCloudOptions.LocalProject, cancellationToken))
                return;
            await Task.Delay(delay, time, cancellationToken);
        }
    }
}
