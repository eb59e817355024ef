using Microsoft.Extensions.Options;
using ServerlessA2A.Notifications;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>The queue of notifications in Pub/Sub: one message for each, and a dead letter for what is given up.</summary>
public sealed class PubSubNotificationQueue(IOptions<GoogleCloudOptions> options) : INotificationQueue
{
    private readonly PubSubTopic _topic = new(options.Value, options.Value.NotificationTopic, "A2A:GoogleCloud:NotificationTopic");
    private readonly PubSubTopic _deadLetters = new(options.Value, options.Value.DeadLetterTopic, "A2A:GoogleCloud:DeadLetterTopic");

    /// <inheritdoc/>
    public ValueTask PublishAsync(Notification notification, CancellationToken cancellationToken) =>
        _topic.PublishAsync($"a notification of task {notification.TaskId}", NotificationMessage.Write(notification), cancellationToken);

    /// <inheritdoc/>
    public ValueTask BuryAsync(DeadNotification notification, CancellationToken cancellationToken) =>
        _deadLetters.PublishAsync($"a dead notification of task {notification.TaskId}", NotificationMessage.Write(notification), cancellationToken);
}
