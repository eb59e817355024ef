using Microsoft.Extensions.Logging;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Hosting;

/// <summary>The worker of the in-memory queues.</summary>
internal sealed class InMemoryWorker(
    InMemoryTaskQueue runs, InMemoryDeliveryQueue deliveries, TaskRunner runner, WebhookDelivery delivery,
    TaskSweeper tasks, WebhookSweeper webhooks, TimeProvider time, ILogger<InMemoryWorker> logger)
    : QueueWorker(runner, delivery, tasks, webhooks, logger)
{
    /// <summary>The number of concurrent runs; more wait.</summary>
    public const int MaxConcurrentRuns = 256;

    /// <summary>The number of concurrent deliveries to webhooks; more wait.</summary>
    public const int MaxConcurrentDeliveries = 1_024;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        InMemoryDelivery.RunAsync(
            runs.TakeAllAsync(stoppingToken), static request => new QueuedRun(request), MaxConcurrentRuns, RunAsync, RedeliveryDelay.Long,
            time, stoppingToken),
        InMemoryDelivery.RunAsync(
            deliveries.TakeAllAsync(stoppingToken), static request => request, MaxConcurrentDeliveries, DeliverAsync,
            RedeliveryDelay.Short, time, stoppingToken));

    private async Task<bool> RunAsync(QueuedRun run, int attempt, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(run.Request, run.Failures, attempt, cancellationToken);
        run.Failures += outcome == Outcome.Failed ? 1 : 0;
        return outcome == Outcome.Done;
    }

    /// <summary>A request and the number of its deliveries that count as failed.</summary>
    private sealed class QueuedRun(RunRequest request)
    {
        public RunRequest Request { get; } = request;

        public int Failures { get; set; }
    }
}
