using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Tasks;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>
/// Requests the deliveries that nobody else requests: retries that are due, webhooks whose worker was lost, and events whose request was
/// never published.
/// </summary>
public sealed class WebhookSweeper(
    IWebhookStore store, IDeliveryQueue queue, TimeProvider time, IOptions<TaskOptions> options, ILogger<WebhookSweeper> logger)
{
    /// <summary>How many tasks, and how many due webhooks, one sweep looks at; the next one looks at the rest.</summary>
    public const int PageSize = 500;

    /// <summary>
    /// How long a task is left alone after its deliveries were requested: 15 minutes with the default delay of the sweep.
    /// </summary>
    private TimeSpan Patience => options.Value.SweepDelay * 30;

    /// <summary>Sweeps once, and returns how many deliveries were requested.</summary>
    /// <exception cref="TaskStoreException">The store or the queue failed; the next sweep does the rest.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken) =>
        await SweepUndeliveredAsync(cancellationToken) + await SweepDueAsync(cancellationToken);

    /// <summary>
    /// Requests what is due. Nothing is recorded: a webhook stays due until a worker takes it, and a request too many costs a read.
    /// </summary>
    private async Task<int> SweepDueAsync(CancellationToken cancellationToken)
    {
        var due = await store.ListDueAsync(time.GetUtcMilliseconds(), PageSize, cancellationToken);
        foreach (var request in due)
        {
            await queue.PublishAsync(request, cancellationToken);
            WebhookLog.Due(logger, request.TaskId, request.WebhookId);
        }

        EngineMetrics.Swept("due_delivery", due.Count);

        return due.Count;
    }

    private async Task<int> SweepUndeliveredAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcMilliseconds() - options.Value.SweepDelay;
        var published = 0;
        foreach (var task in await store.ListUndeliveredAsync(before, PageSize, cancellationToken))
        {
            try
            {
                published += await SweepAsync(task, cancellationToken);
            }
            catch (TaskStoreException unreadable) when (!unreadable.IsTransient)
            {
                WebhookLog.NotSwept(logger, unreadable, task.TaskId);
                await store.PostponeDeliveriesAsync(task, time.GetUtcMilliseconds() + Patience, cancellationToken);
            }
        }

        return published;
    }

    private async Task<int> SweepAsync(UndeliveredTask task, CancellationToken cancellationToken)
    {
        var isPending = false;
        var wanted = new List<string>();
        foreach (var webhookId in await store.ListWebhookIdsAsync(task.TaskId, cancellationToken) ?? [])
        {
            if (await store.ReadDeliveryAsync(task.TaskId, webhookId, cancellationToken) is not { EndedBecause: null } state ||
                state.Delivered >= task.Seq)
                continue;
            isPending = true;
            // One that is due, now or later, is requested for that.
            if (state.DueAt is null)
                wanted.Add(webhookId);
        }

        // First put off, then requested: of two sweeps one requests.
        if (!await store.PostponeDeliveriesAsync(task, isPending ? time.GetUtcMilliseconds() + Patience : null, cancellationToken))
            return 0;
        foreach (var webhookId in wanted)
        {
            await queue.PublishAsync(new DeliveryRequest(task.TaskId, task.Seq, webhookId), cancellationToken);
            WebhookLog.Undelivered(logger, task.TaskId, webhookId, task.Seq);
        }

        EngineMetrics.Swept("lost_delivery", wanted.Count);
        return wanted.Count;
    }
}
