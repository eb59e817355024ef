using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Functions;

/// <summary>
/// Runs tasks. Trigger: Pub/Sub, topic <c>a2a-tasks</c>, with retries: after an exception the message is redelivered.
/// </summary>
public sealed class RunTaskFunction(TaskRunner runner) : ICloudEventFunction
{
    /// <inheritdoc/>
    public async Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        var message = PubSubEvent.Read(cloudEvent.Data).Message;
        await MessageTrace.HandleAsync(
            cloudEvent.Source, message, stop => runner.RunAsync(RunRequestMessage.Read(message), stop), cancellationToken);
    }
}
