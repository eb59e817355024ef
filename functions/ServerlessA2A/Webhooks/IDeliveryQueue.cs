using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks;

/// <summary>
/// The queue of requests for deliveries. It hands out each request at least once, in any order, and again until it is acknowledged. A
/// worker acknowledges every request that it has handled: retries come from the store's schedule, redeliveries only after a crash.
/// </summary>
public interface IDeliveryQueue
{
    /// <summary>Requests a delivery.</summary>
    /// <exception cref="TaskStoreException">It could not be published.</exception>
    ValueTask PublishAsync(DeliveryRequest request, CancellationToken cancellationToken);

    /// <summary>Writes a delivery that was given up to the dead letters.</summary>
    /// <exception cref="TaskStoreException">It could not be published.</exception>
    ValueTask BuryAsync(DeadDelivery delivery, CancellationToken cancellationToken);
}
