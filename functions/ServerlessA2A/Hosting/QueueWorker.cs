using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Telemetry;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Hosting;

/// <summary>
/// Runs tasks and delivers to webhooks in this process, from whatever queue. When the host stops, each run releases its lease, so
/// that the next worker on the same store need not wait until it expires.
/// </summary>
internal abstract partial class QueueWorker(
    TaskRunner runner, WebhookDelivery delivery, TaskSweeper tasks, WebhookSweeper webhooks, ILogger logger) : BackgroundService
{
    /// <summary>
    /// The deliveries of a run request before the task fails, as many as Pub/Sub makes for the deployed functions: 2.5 hours. Failures
    /// because the store is down do not count: without the store the task could not be failed either.
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

    /// <summary>
    /// Requests lost runs, and deliveries that are due or lost. If one of the two sweeps fails, the other one still runs.
    /// </summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await SweepAsync(tasks.SweepAsync, cancellationToken);
        await SweepAsync(webhooks.SweepAsync, cancellationToken);
    }

    /// <summary>Runs a task, or fails it where its request has failed too often.</summary>
    /// <param name="request">The request.</param>
    /// <param name="failures">How many of its deliveries have failed.</param>
    /// <param name="attempt">The number of this delivery, from 1.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    protected async Task<Outcome> RunAsync(RunRequest request, int failures, int attempt, CancellationToken cancellationToken)
    {
        using var span = EngineSpans.StartProcess("runs", request.TraceParent);
        try
        {
            await (failures < MaxDeliveries ? runner.RunAsync(request, cancellationToken) : runner.GiveUpAsync(request, cancellationToken));
            return Outcome.Done;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            EngineSpans.Fail(span, failure);
            RunFailed(logger, failure, request.TaskId, attempt);
            return failure is TaskStoreException { IsTransient: true } ? Outcome.StoreOut : Outcome.Failed;
        }
    }

    /// <summary>Delivers to a webhook, and returns whether the request for it is done with.</summary>
    /// <param name="request">The request.</param>
    /// <param name="attempt">The number of this delivery of the request, from 1.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    protected async Task<bool> DeliverAsync(DeliveryRequest request, int attempt, CancellationToken cancellationToken)
    {
        using var span = EngineSpans.StartProcess("notifications", request.TraceParent);
        try
        {
            await delivery.DeliverAsync(request, cancellationToken);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            EngineSpans.Fail(span, failure);
            DeliveryFailed(logger, failure, request.TaskId, request.WebhookId, attempt);
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

    [LoggerMessage(7000, LogLevel.Error, "Run of task {TaskId} failed at delivery {Attempt}; redelivering later")]
    private static partial void RunFailed(ILogger logger, Exception exception, string taskId, int attempt);

    [LoggerMessage(
        7001, LogLevel.Error, "Delivery request for webhook {WebhookId} of task {TaskId} failed at delivery {Attempt}; redelivering later")]
    private static partial void DeliveryFailed(ILogger logger, Exception exception, string taskId, string webhookId, int attempt);

    [LoggerMessage(7003, LogLevel.Error, "Sweep failed; the next sweep retries")]
    private static partial void SweepFailed(ILogger logger, Exception exception);
}
