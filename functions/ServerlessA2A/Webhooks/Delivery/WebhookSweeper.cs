using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>
/// Requests the deliveries that nobody else requests: retries that are due, webhooks whose worker was lost, and events whose request was
/// never published.
/// </summary>
public sealed class WebhookSweeper(
    IWebhookStore store, IDeliveryQueue queue, TimeProvider time, IOptions<TaskOptions> options, ILogger<WebhookSweeper> logger)
{
    /// <summary>
    /// How many webhooks that are due one sweep requests. More than a page, because nothing is recorded: the same ones come first until
    /// they are delivered, and a receiver that is down would hold up everybody else's.
    /// </summary>
    private const int MaxDue = 10 * SweepPages.Size;

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
        var due = await store.ListDueAsync(time.GetUtcMilliseconds(), MaxDue, cancellationToken);
        foreach (var requests in due.Chunk(SweepPages.AtOnce))
        {
            await Task.WhenAll(requests.Select(async request =>
            {
                using (EngineSpans.StartSwept("due_delivery", request.TaskId, request.TraceParent))
                    await queue.PublishAsync(request, cancellationToken);
                WebhookLog.Due(logger, request.TaskId, request.WebhookId);
            }));
        }

        EngineMetrics.Swept("due_delivery", due.Count);

        return due.Count;
    }

    private Task<int> SweepUndeliveredAsync(CancellationToken cancellationToken) => SweepPages.SweepAsync(
        count => store.ListUndeliveredAsync(time.GetUtcMilliseconds() - options.Value.SweepDelay, count, cancellationToken),
        task => SweepUnlessDamagedAsync(task, cancellationToken), time, cancellationToken);

    private async Task<int?> SweepUnlessDamagedAsync(UndeliveredTask task, CancellationToken cancellationToken)
    {
        try
        {
            return await SweepAsync(task, cancellationToken);
        }
        catch (TaskStoreException unreadable) when (!unreadable.IsTransient)
        {
            WebhookLog.NotSwept(logger, unreadable, task.TaskId);
            return await store.PostponeDeliveriesAsync(task, time.GetUtcMilliseconds() + Patience, cancellationToken) ? 0 : null;
        }
    }

    private async Task<int?> SweepAsync(UndeliveredTask task, CancellationToken cancellationToken)
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
            return null;
        foreach (var webhookId in wanted)
        {
            using (EngineSpans.StartSwept("lost_delivery", task.TaskId, task.TraceParent))
                await queue.PublishAsync(new DeliveryRequest(task.TaskId, task.Seq, webhookId), cancellationToken);
            WebhookLog.Undelivered(logger, task.TaskId, webhookId, task.Seq);
        }

        EngineMetrics.Swept("lost_delivery", wanted.Count);
        return wanted.Count;
    }
}
