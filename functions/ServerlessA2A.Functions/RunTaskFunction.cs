using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Functions;

/// <summary>
/// Runs tasks. Trigger: Pub/Sub, topic <c>a2a-tasks</c>, with retries: what it throws is delivered again.
/// </summary>
public sealed class RunTaskFunction(TaskRunner runner) : ICloudEventFunction
{
    /// <inheritdoc/>
    public Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken) =>
        runner.RunAsync(RunRequestMessage.Read(PubSubEvent.Read(cloudEvent.Data).Message), cancellationToken);
}
