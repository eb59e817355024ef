using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Functions;

/// <summary>
/// Asks again for the runs of tasks that nobody works on, and for notifications that nobody was asked to deliver. Trigger: Pub/Sub, topic
/// <c>a2a-sweep</c>, which Cloud Scheduler publishes to every minute; what the message says is of no account. What it throws need not be
/// delivered again: the next minute's sweep does the rest.
/// </summary>
public sealed class SweepFunction(TaskSweeper tasks, NotificationSweeper notifications) : ICloudEventFunction
{
    /// <inheritdoc/>
    public async Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        await tasks.SweepAsync(cancellationToken);
        await notifications.SweepAsync(cancellationToken);
    }
}
