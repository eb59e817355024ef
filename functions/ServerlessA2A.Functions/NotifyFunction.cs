using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.Logging;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Functions;

/// <summary>
/// Delivers events to webhooks. Trigger: Pub/Sub, topic <c>a2a-notifications</c>, with retries and without dead letters. It throws only
/// where Firestore or Pub/Sub fails; a receiver that fails is retried by the sweep, and given up here.
/// </summary>
public sealed partial class NotifyFunction(WebhookDelivery delivery, ILogger<NotifyFunction> logger) : ICloudEventFunction
{
    /// <inheritdoc/>
    public async Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        PubSubMessage message;
        DeliveryRequest request;
        try
        {
            message = PubSubEvent.Read(cloudEvent.Data).Message;
            request = DeliveryMessage.Read(message);
        }
        catch (InvalidDataException unreadable)
        {
            // Acknowledged: no later delivery could be read either, and it would come for days.
            Unreadable(logger, unreadable, cloudEvent.Id);
            return;
        }

        await MessageTrace.HandleAsync(cloudEvent.Source, message, stop => delivery.DeliverAsync(request, stop), cancellationToken);
    }

    [LoggerMessage(5200, LogLevel.Error, "Message {MessageId} is not a delivery request; acknowledged")]
    private static partial void Unreadable(ILogger logger, Exception exception, string? messageId);
}
