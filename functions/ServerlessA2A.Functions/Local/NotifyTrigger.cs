using Microsoft.Extensions.Hosting;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Hosting;
using ServerlessA2A.InMemory;

namespace ServerlessA2A.Functions.Local;

/// <summary>Pub/Sub for one process: delivers each request to NotifyFunction, and again with backoff until it is acknowledged.</summary>
internal sealed class NotifyTrigger(InMemoryDeliveryQueue queue, EventDelivery events, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => InMemoryDelivery.RunAsync(
        queue.TakeAllAsync(stoppingToken),
        request => events.NewMessage(DeliveryMessage.Write(request), request.TraceParent),
        InMemoryWorker.MaxConcurrentDeliveries,
        (message, _, stopping) => events.DeliverAsync(PubSubTrigger.Notify, message, GoogleCloudOptions.LocalProject, stopping),
        RedeliveryDelay.Short,
        time,
        stoppingToken);
}
