using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.Logging;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Functions;

/// <summary>
/// Fails the tasks whose runs could not be begun. Trigger: Pub/Sub, topic <c>a2a-dead</c>, where messages go that RunTaskFunction refused
/// too often, and NotifyFunction puts what it gives up; with retries.
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
            if (NotificationMessage.IsDead(message))
            {
                // Said in the log when it was given up; here it rests where its operator finds it. The task has nothing to do with it.
                DeadNotification(logger, cloudEvent.Id);
                return;
            }

            request = RunRequestMessage.Read(message);
        }
        catch (InvalidDataException unreadable)
        {
            // Acknowledged: no later delivery could be read either, and there is no place behind this one.
            Unreadable(logger, unreadable, cloudEvent.Id);
            return;
        }

        using var activity = MessageTrace.Begin("give up task", message);
        await runner.GiveUpAsync(request, cancellationToken);
    }

    [LoggerMessage(5101, LogLevel.Warning, "Dead letter {MessageId} is a notification that was given up; it is acknowledged.")]
    private static partial void DeadNotification(ILogger logger, string? messageId);

    [LoggerMessage(5100, LogLevel.Error, "Dead letter {MessageId} can't be read as a request for a run; it is acknowledged.")]
    private static partial void Unreadable(ILogger logger, Exception exception, string? messageId);
}
