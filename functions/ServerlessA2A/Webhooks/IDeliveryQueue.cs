using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks;

/// <summary>Where notifications wait for a worker. Delivery is at least once, in any order, and again and again until it is acknowledged.</summary>
public interface IDeliveryQueue
{
    /// <summary>Asks for a delivery.</summary>
    /// <exception cref="TaskStoreException">It could not be published.</exception>
    ValueTask PublishAsync(DeliveryRequest request, CancellationToken cancellationToken);

    /// <summary>Puts away what could not be delivered.</summary>
    /// <exception cref="TaskStoreException">It could not be published.</exception>
    ValueTask BuryAsync(DeadDelivery delivery, CancellationToken cancellationToken);
}
