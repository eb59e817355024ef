using CloudNative.CloudEvents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.InMemory;

namespace ServerlessA2A.Functions.Local;

/// <summary>Pub/Sub and Eventarc for one process: delivers each request to RunTaskFunction, again and again until it is acknowledged.</summary>
internal sealed class RunTaskTrigger(
    InMemoryTaskQueue queue, IServiceScopeFactory scopes, TimeProvider time, ILogger<RunTaskTrigger> logger) : BackgroundService
{
    /// <summary>As many as Cloud Run would run on a few instances; more wait in the queue.</summary>
    private const int MaxConcurrentRuns = 256;

    private static readonly Uri Source = new("//pubsub.googleapis.com/projects/local/topics/a2a-tasks", UriKind.RelativeOrAbsolute);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private long _messages;

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
        var cloudEvent = ToCloudEvent(request);
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<RunTaskFunction>().HandleAsync(cloudEvent, cancellationToken);
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LocalLog.WillDeliverAgain(logger, failure, request.TaskId, delay);
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private CloudEvent ToCloudEvent(RunRequest request)
    {
        var now = time.GetUtcNow();
        var messageId = Interlocked.Increment(ref _messages).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var message = new PubSubMessage { Data = RunRequestMessage.Write(request), MessageId = messageId, PublishTime = now };
        return new CloudEvent
        {
            Id = messageId,
            Type = "google.cloud.pubsub.topic.v1.messagePublished",
            Source = Source,
            Time = now,
            DataContentType = "application/json",
            Data = new PubSubEvent { Message = message, Subscription = "projects/local/subscriptions/a2a-tasks" }.ToCloudEventData(),
        };
    }
}
