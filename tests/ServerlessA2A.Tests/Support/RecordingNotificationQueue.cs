using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Support;

/// <summary>Keeps what is published; whoever wants it delivered takes it.</summary>
public sealed class RecordingNotificationQueue : INotificationQueue
{
    private readonly Queue<Notification> _waiting = [];

    public List<Notification> Published { get; } = [];

    public List<DeadNotification> Buried { get; } = [];

    public ValueTask PublishAsync(Notification notification, CancellationToken cancellationToken)
    {
        lock (Published)
        {
            Published.Add(notification);
            _waiting.Enqueue(notification);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask BuryAsync(DeadNotification notification, CancellationToken cancellationToken)
    {
        lock (Published)
            Buried.Add(notification);
        return ValueTask.CompletedTask;
    }

    /// <summary>The next one; null where there is none.</summary>
    public Notification? Take()
    {
        lock (Published)
            return _waiting.TryDequeue(out var next) ? next : null;
    }
}
