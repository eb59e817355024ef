using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Functions;

/// <summary>
/// Asks again for the runs of tasks that nobody works on. Trigger: Pub/Sub, topic <c>a2a-sweep</c>, which Cloud Scheduler publishes to
/// every minute; what the message says is of no account. What it throws need not be delivered again: the next minute's sweep does the rest.
/// </summary>
public sealed class SweepFunction(TaskSweeper sweeper) : ICloudEventFunction
{
    /// <inheritdoc/>
    public Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken) => sweeper.SweepAsync(cancellationToken);
}
