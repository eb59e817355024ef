using Microsoft.Extensions.Hosting;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.InMemory;

namespace ServerlessA2A.Functions.Local;

/// <summary>
/// Pub/Sub for one process: delivers each request to RunTaskFunction, later and later until it is acknowledged, and what was delivered in
/// vain too often to DeadLetterFunction.
/// </summary>
internal sealed class RunTaskTrigger(InMemoryTaskQueue queue, EventDelivery events, TimeProvider time) : BackgroundService
{
    /// <summary>As many as Cloud Run would run on a few instances; more wait in the queue.</summary>
    private const int MaxConcurrentRuns = 256;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentRuns, CancellationToken = stoppingToken };
        try
        {
            await Parallel.ForEachAsync(queue.TakeAllAsync(stoppingToken), options, DeliverAsync);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to end.
        }
    }

    private async ValueTask DeliverAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var message = events.NewMessage(RunRequestMessage.Write(request));
        var delay = FirstDelay;
        for (var delivery = 1; ; delivery++)
        {
            var trigger = delivery <= PubSubTrigger.MaxDeliveries ? PubSubTrigger.RunTask : PubSubTrigger.DeadLetter;
            if (await events.DeliverAsync(trigger, message, GoogleCloudOptions.LocalProject, cancellationToken))
                return;
            await Task.Delay(delay, time, cancellationToken);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }
}
