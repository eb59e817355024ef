using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Functions;

/// <summary>
/// Requests the runs of tasks that nobody works on, the deliveries that are due, and those whose request was lost. Trigger: Pub/Sub, topic
/// <c>a2a-sweep</c>, to which Cloud Scheduler publishes every minute; the message's content is ignored. A sweep that fails is not
/// delivered again: the next minute's sweep does the rest.
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
