using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Tasks;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Hosting;

/// <summary>
/// Runs tasks and delivers to webhooks from the in-memory queues in this process. When the host stops, each run releases its lease, so
/// that the next worker on the same store need not wait until it expires.
/// </summary>
internal sealed partial class InMemoryWorker(
    InMemoryTaskQueue runs, InMemoryDeliveryQueue deliveries, TaskRunner runner, WebhookDelivery delivery,
    TaskSweeper tasks, WebhookSweeper webhooks, TimeProvider time, ILogger<InMemoryWorker> logger) : BackgroundService
{
    /// <summary>The number of concurrent runs; more wait.</summary>
    public const int MaxConcurrentRuns = 256;

    /// <summary>The number of concurrent deliveries to webhooks; more wait.</summary>
    public const int MaxConcurrentDeliveries = 1_024;

    /// <summary>
    /// The deliveries of a run request before the task fails, as many as Pub/Sub makes for the deployed functions: 2.5 hours. Failures
    /// because the store is down do not count: without the store the task could not be failed either.
    /// </summary>
    public const int MaxDeliveries = 20;

    /// <summary>Requests lost runs, and deliveries that are due or lost. If one of the two sweeps fails, the other one still runs.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await SweepAsync(tasks.SweepAsync, cancellationToken);
        await SweepAsync(webhooks.SweepAsync, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        InMemoryDelivery.RunAsync(
            runs.TakeAllAsync(stoppingToken).Select(request => new QueuedRun(request)), MaxConcurrentRuns, RunAsync, RedeliveryDelay.Long, time, stoppingToken),
        InMemoryDelivery.RunAsync(
            deliveries.TakeAllAsync(stoppingToken), MaxConcurrentDeliveries, DeliverAsync, RedeliveryDelay.Short, time, stoppingToken));

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

    private async Task<bool> DeliverAsync(DeliveryRequest request, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            await delivery.DeliverAsync(request, cancellationToken);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            DeliveryFailed(logger, failure, request.TaskId, request.WebhookId, attempt);
            return false;
        }
    }

    [LoggerMessage(7000, LogLevel.Error, "Run of task {TaskId} failed at delivery {Attempt}; redelivering later")]
    private static partial void RunFailed(ILogger logger, Exception exception, string taskId, int attempt);

    [LoggerMessage(7001, LogLevel.Error, "Delivery request for webhook {WebhookId} of task {TaskId} failed at delivery {Attempt}; redelivering later")]
    private static partial void DeliveryFailed(ILogger logger, Exception exception, string taskId, string webhookId, int attempt);

    [LoggerMessage(7003, LogLevel.Error, "Sweep failed; the next sweep retries")]
    private static partial void SweepFailed(ILogger logger, Exception exception);

    /// <summary>A request and the number of its deliveries that count as failed.</summary>
    private sealed class QueuedRun(RunRequest request)
    {
        public RunRequest Request { get; } = request;

        public int Failures { get; set; }
    }
}
