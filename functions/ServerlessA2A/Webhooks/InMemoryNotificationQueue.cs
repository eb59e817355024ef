using System.Threading.Channels;

namespace ServerlessA2A.Webhooks;

/// <summary>A queue for one process: the local run and tests. What is buried is kept nowhere: that it was is logged.</summary>
internal sealed class InMemoryNotificationQueue : INotificationQueue
{
    private readonly Channel<Notification> _notifications = Channel.CreateUnbounded<Notification>();

    /// <inheritdoc/>
    public ValueTask PublishAsync(Notification notification, CancellationToken cancellationToken) =>
        _notifications.Writer.WriteAsync(notification, cancellationToken);

    /// <inheritdoc/>
    public ValueTask BuryAsync(DeadNotification notification, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Takes the notifications as they come, each once, until cancelled.</summary>
    public IAsyncEnumerable<Notification> TakeAllAsync(CancellationToken cancellationToken) => _notifications.Reader.ReadAllAsync(cancellationToken);
}
