using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>
/// Finds the tasks whose webhooks may not have been told everything, and asks again for those that were not: a request for a delivery may
/// have been lost before it was published.
/// </summary>
public sealed class WebhookSweeper(
    IWebhookStore store, IDeliveryQueue queue, TimeProvider time, IOptions<TaskOptions> options, ILogger<WebhookSweeper> logger)
{
    /// <summary>How many tasks one sweep looks at; what is left is the next one's.</summary>
    public const int PageSize = 500;

    /// <summary>Requests that are delivered again and again look after themselves for so long: 15 minutes with the usual delay of the sweep.</summary>
    private TimeSpan Patience => options.Value.SweepDelay * 30;

    /// <summary>Sweeps once, and answers how many deliveries were asked for.</summary>
    /// <exception cref="TaskStoreException">The store or the queue failed; the rest is the next sweep's.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
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
        var now = time.GetUtcMilliseconds();
        var isPending = false;
        var wanted = new List<string>();
        foreach (var webhookId in await store.ListWebhookIdsAsync(task.TaskId, cancellationToken) ?? [])
        {
            if (await store.ReadDeliveryAsync(task.TaskId, webhookId, cancellationToken) is not { EndedBecause: null } delivery || delivery.Delivered >= task.Seq)
                continue;
            isPending = true;
            if (!delivery.IsHeld(now) && !(delivery.RetryAt + Patience > now))
                wanted.Add(webhookId);
        }

        // Whoever works on the task may not know of a webhook that came since, and leaves no mark for it when the task ends.
        var mayGoOn = isPending || await store.ReadEventsAsync(task.TaskId, long.MaxValue, cancellationToken) is { IsResting: false };
        // First put off, then asked for: of two sweeps one asks.
        if (!await store.PostponeDeliveriesAsync(task, mayGoOn ? now + Patience : null, cancellationToken))
            return 0;
        foreach (var webhookId in wanted)
        {
            await queue.PublishAsync(new DeliveryRequest(task.TaskId, task.Seq, webhookId), cancellationToken);
            WebhookLog.Swept(logger, task.TaskId, webhookId, task.Seq);
        }

        return wanted.Count;
    }
}
