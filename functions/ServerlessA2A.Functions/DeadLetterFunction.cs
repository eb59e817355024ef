using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.Logging;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Functions;

/// <summary>
/// Fails the tasks whose runs could not start. Trigger: Pub/Sub, topic <c>a2a-dead</c>, with retries. The topic receives run requests that
/// exceeded their delivery attempts, and notifications that NotifyFunction gave up.
/// </summary>
public sealed partial class DeadLetterFunction(TaskRunner runner, ILogger<DeadLetterFunction> logger) : ICloudEventFunction
{
    /// <inheritdoc/>
    public async Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        PubSubMessage message;
        RunRequest request;
        try
        {
            message = PubSubEvent.Read(cloudEvent.Data).Message;
            if (DeliveryMessage.IsDead(message))
            {
                // Logged already when it was given up. The task is not affected.
                DeadDelivery(logger, cloudEvent.Id);
                return;
            }

            request = RunRequestMessage.Read(message);
        }
        catch (InvalidDataException unreadable)
        {
            // Acknowledged: no later delivery could be read either, and there is no further dead-letter topic.
            Unreadable(logger, unreadable, cloudEvent.Id);
            return;
        }

        await MessageTrace.HandleAsync(cloudEvent.Source, message, stop => runner.GiveUpAsync(request, stop), cancellationToken);
    }

    [LoggerMessage(5101, LogLevel.Warning, "Dead letter {MessageId} is a webhook delivery, logged when it was dead-lettered; acknowledged")]
    private static partial void DeadDelivery(ILogger logger, string? messageId);

    [LoggerMessage(5100, LogLevel.Error, "Dead letter {MessageId} is not a run request; acknowledged")]
    private static partial void Unreadable(ILogger logger, Exception exception, string? messageId);
}
