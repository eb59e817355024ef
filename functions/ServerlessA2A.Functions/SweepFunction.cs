using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Functions;

/// <summary>
/// Publishes requests for runs of tasks without a worker, for deliveries that are due, and for those whose request was lost. Trigger:
/// Pub/Sub, topic <c>a2a-sweep</c>, to which Cloud Scheduler publishes every minute; the message's content is ignored. A failed sweep needs
/// no redelivery: the next one retries.
/// </summary>
public sealed class SweepFunction(TaskSweeper tasks, WebhookSweeper webhooks) : ICloudEventFunction
{
    /// <inheritdoc/>
    public async Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        await tasks.SweepAsync(cancellationToken);
        await webhooks.SweepAsync(cancellationToken);
    }
}
