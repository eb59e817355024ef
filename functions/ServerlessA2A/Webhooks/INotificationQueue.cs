using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks;

/// <summary>Where notifications wait for a worker. Delivery is at least once, in any order, and again and again until it is acknowledged.</summary>
public interface INotificationQueue
{
    /// <summary>Asks for a delivery.</summary>
    /// <exception cref="TaskStoreException">It could not be published.</exception>
    ValueTask PublishAsync(Notification notification, CancellationToken cancellationToken);

    /// <summary>Puts away what could not be delivered.</summary>
    /// <exception cref="TaskStoreException">It could not be published.</exception>
    ValueTask BuryAsync(DeadNotification notification, CancellationToken cancellationToken);
}
