using Microsoft.Extensions.Hosting;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Hosting;
using ServerlessA2A.InMemory;

namespace ServerlessA2A.Functions.Local;

/// <summary>
/// Pub/Sub for one process: delivers each request to RunTaskFunction with backoff until it is acknowledged, and to DeadLetterFunction after
/// too many failed deliveries.
/// </summary>
internal sealed class RunTaskTrigger(InMemoryTaskQueue queue, EventDelivery events, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => InMemoryDelivery.RunAsync(
        queue.TakeAllAsync(stoppingToken),
        request => events.NewMessage(RunRequestMessage.Write(request), request.TraceParent),
        InMemoryWorker.MaxConcurrentRuns,
        (message, delivery, stopping) => events.DeliverAsync(
            delivery <= PubSubTrigger.MaxDeliveries ? PubSubTrigger.RunTask : PubSubTrigger.DeadLetter, message,
            GoogleCloudOptions.LocalProject, stopping),
        RedeliveryDelay.Short,
        time,
        stoppingToken);
}
