using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.InMemory;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Hosting;

/// <summary>
/// Runs tasks and delivers notifications of the in-memory queues in this process. When the host stops, each run releases its lease, so that
/// the next worker on the same store need not wait for it to expire.
/// </summary>
internal sealed partial class InMemoryWorker(
    InMemoryTaskQueue runs, InMemoryNotificationQueue notifications, TaskRunner runner, NotificationDelivery delivery,
    TaskSweeper tasks, NotificationSweeper unnotified, TimeProvider time, ILogger<InMemoryWorker> logger) : BackgroundService
{
    /// <summary>Runs at once; more wait.</summary>
    public const int MaxConcurrentRuns = 256;

    /// <summary>Notifications that are being delivered at once; more wait.</summary>
    public const int MaxConcurrentNotifications = 1_024;

    /// <summary>
    /// Deliveries of a request for a run before the task fails, as many as Pub/Sub makes for the deployed functions: 2.5 hours. Those that fail
    /// because the store is out do not count: without it the task could not fail either.
    /// </summary>
    public const int MaxDeliveries = 20;

    /// <summary>Asks again for the runs and notifications that were lost. If one of the sweeps fails, the other one is made all the same.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await SweepAsync(tasks.SweepAsync, cancellationToken);
        await SweepAsync(unnotified.SweepAsync, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        InMemoryDelivery.RunAsync(
            runs.TakeAllAsync(stoppingToken).Select(request => new QueuedRun(request)), MaxConcurrentRuns, RunAsync, RedeliveryDelay.Long, time, stoppingToken),
        InMemoryDelivery.RunAsync(
            notifications.TakeAllAsync(stoppingToken), MaxConcurrentNotifications, NotifyAsync, RedeliveryDelay.Short, time, stoppingToken));

    private async Task SweepAsync(Func<CancellationToken, Task> sweep, CancellationToken cancellationToken)
    {
        try
        {
            await sweep(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            SweepFailed(logger, failure);
        }
    }

    private async Task<bool> RunAsync(QueuedRun run, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            await (run.Failures < MaxDeliveries ? runner.RunAsync(run.Request, cancellationToken) : runner.GiveUpAsync(run.Request, cancellationToken));
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            RunFailed(logger, failure, run.Request.TaskId, attempt);
            if (failure is not TaskStoreException { IsTransient: true })
                run.Failures++;
            return false;
        }
    }

    private async Task<bool> NotifyAsync(Notification notification, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            await delivery.DeliverAsync(notification, cancellationToken);
            return true;
        }
        catch (NotificationPendingException pending)
        {
            NotificationPending(logger, notification.TaskId, notification.ConfigId, pending.Message);
            return false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            NotificationFailed(logger, failure, notification.TaskId, notification.ConfigId, attempt);
            return false;
        }
    }

    [LoggerMessage(7000, LogLevel.Error, "Run of task {TaskId} failed at delivery {Attempt}; delivered again later")]
    private static partial void RunFailed(ILogger logger, Exception exception, string taskId, int attempt);

    [LoggerMessage(7001, LogLevel.Error, "Notification of webhook {ConfigId} of task {TaskId} failed at delivery {Attempt}; delivered again later")]
    private static partial void NotificationFailed(ILogger logger, Exception exception, string taskId, string configId, int attempt);

    [LoggerMessage(7002, LogLevel.Debug, "Notification of webhook {ConfigId} of task {TaskId} not due; delivered again later: {Reason}")]
    private static partial void NotificationPending(ILogger logger, string taskId, string configId, string reason);

    [LoggerMessage(7003, LogLevel.Error, "Sweep failed; the next sweep does the rest")]
    private static partial void SweepFailed(ILogger logger, Exception exception);

    /// <summary>A request and how many of its deliveries count as failed.</summary>
    private sealed class QueuedRun(RunRequest request)
    {
        public RunRequest Request { get; } = request;

        public int Failures { get; set; }
    }
}
