using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Hosting;

/// <summary>
/// Runs tasks and delivers notifications in this process, whatever queue they come from. When the host stops, each run releases its lease, so that the next
/// worker on the same store need not wait for it to expire.
/// </summary>
internal abstract partial class QueueWorker(
    TaskRunner runner, NotificationDelivery delivery, TaskSweeper tasks, NotificationSweeper unnotified, ILogger logger) : BackgroundService
{
    /// <summary>
    /// Deliveries of a request for a run before the task fails, as many as Pub/Sub makes for the deployed functions: 2.5 hours. Those that fail
    /// because the store is out do not count: without it the task could not fail either.
    /// </summary>
    public const int MaxDeliveries = 20;

    /// <summary>How a delivery of a request ended.</summary>
    protected enum Outcome
    {
        /// <summary>The request is done with.</summary>
        Done,

        /// <summary>It is delivered again, a limited number of times.</summary>
        Failed,

        /// <summary>The store is out: it is delivered again, however often.</summary>
        StoreOut,
    }

    /// <summary>Asks again for the runs and notifications that were lost. If one of the sweeps fails, the other one is made all the same.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await SweepAsync(tasks.SweepAsync, cancellationToken);
        await SweepAsync(unnotified.SweepAsync, cancellationToken);
    }

    /// <summary>Runs a task, or fails it where its request has failed too often.</summary>
    /// <param name="request">The request.</param>
    /// <param name="failures">How many of its deliveries have failed.</param>
    /// <param name="attempt">The number of this delivery, from 1.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    protected async Task<Outcome> RunAsync(RunRequest request, int failures, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            await (failures < MaxDeliveries ? runner.RunAsync(request, cancellationToken) : runner.GiveUpAsync(request, cancellationToken));
            return Outcome.Done;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            RunFailed(logger, failure, request.TaskId, attempt);
            return failure is TaskStoreException { IsTransient: true } ? Outcome.StoreOut : Outcome.Failed;
        }
    }

    /// <summary>Delivers a notification, and returns whether the request for it is done with.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="attempt">The number of this delivery, from 1.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    protected async Task<bool> NotifyAsync(Notification notification, int attempt, CancellationToken cancellationToken)
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

    [LoggerMessage(7000, LogLevel.Error, "Run of task {TaskId} failed at delivery {Attempt}; delivered again later")]
    private static partial void RunFailed(ILogger logger, Exception exception, string taskId, int attempt);

    [LoggerMessage(7001, LogLevel.Error, "Notification of webhook {ConfigId} of task {TaskId} failed at delivery {Attempt}; delivered again later")]
    private static partial void NotificationFailed(ILogger logger, Exception exception, string taskId, string configId, int attempt);

    [LoggerMessage(7002, LogLevel.Debug, "Notification of webhook {ConfigId} of task {TaskId} not due; delivered again later: {Reason}")]
    private static partial void NotificationPending(ILogger logger, string taskId, string configId, string reason);

    [LoggerMessage(7003, LogLevel.Error, "Sweep failed; the next sweep does the rest")]
    private static partial void SweepFailed(ILogger logger, Exception exception);
}
