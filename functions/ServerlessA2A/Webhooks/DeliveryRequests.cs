using Microsoft.Extensions.Logging;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks;

/// <summary>Publishes requests for deliveries. One that is not published is no fault of the caller's: the next sweep requests it.</summary>
internal sealed class DeliveryRequests(IDeliveryQueue queue, ILogger<DeliveryRequests> logger)
{
    /// <summary>Requests a delivery to each of the task's webhooks, up to the event at least.</summary>
    public async ValueTask PublishAsync(string taskId, long seq, IReadOnlyList<string> webhookIds)
    {
        try
        {
            foreach (var webhookId in webhookIds)
                await queue.PublishAsync(new DeliveryRequest(taskId, seq, webhookId), CancellationToken.None);
        }
        catch (TaskStoreException fault)
        {
            WebhookLog.NotPublished(logger, fault, taskId, seq);
        }
    }
}
