using Microsoft.Extensions.Logging;
using ServerlessA2A.Hosting;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.PostgreSql.Queues;

/// <summary>The worker of the queues in PostgreSQL, which it shares with those of other instances.</summary>
internal sealed partial class PostgreSqlWorker(
    PostgreSqlTaskQueue runs, PostgreSqlDeliveryQueue notifications, TaskRunner runner, WebhookDelivery delivery,
    TaskSweeper tasks, WebhookSweeper unnotified, ILogger<PostgreSqlWorker> logger)
    : QueueWorker(runner, delivery, tasks, unnotified, logger)
{
    /// <summary>Runs at once; more wait, or are another instance's.</summary>
    public const int MaxConcurrentRuns = 64;

    /// <summary>Notifications that are being delivered at once.</summary>
    public const int MaxConcurrentDeliveries = 64;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        runs.Table.DeliverAsync(
            MaxConcurrentRuns,
            async (run, stopping) => await RunAsync(run.Message, run.Failures, run.Delivery, stopping) switch
            {
                Outcome.Done => (true, false),
                var outcome => (false, outcome == Outcome.Failed),
            },
            RedeliveryDelay.Long,
            Failed,
            stoppingToken),
        notifications.Table.DeliverAsync(
            MaxConcurrentDeliveries,
            async (notification, stopping) => (await DeliverAsync(notification.Message, notification.Delivery, stopping), false),
            RedeliveryDelay.Short,
            Failed,
            stoppingToken));

    private void Failed(TaskStoreException failure) => QueueFailed(logger, failure);

    [LoggerMessage(8002, LogLevel.Error, "Queue in PostgreSQL failed; its messages are delivered again later")]
    private static partial void QueueFailed(ILogger logger, Exception exception);
}
