using System.Collections.Concurrent;
using System.Globalization;
using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.GoogleCloud.PubSub;

namespace ServerlessA2A.Functions.Local;

/// <summary>Eventarc for one process: passes messages to functions as the CloudEvents that it would send.</summary>
internal sealed class EventDelivery(IServiceScopeFactory scopes, TimeProvider time, ILogger<EventDelivery> logger)
{
    private readonly ConcurrentDictionary<string, Uri> _sources = new(StringComparer.Ordinal);
    private long _messages;

    /// <summary>A message that did not pass through Pub/Sub.</summary>
    /// <param name="data">The payload.</param>
    /// <param name="traceParent">The trace that it was published in. Default: none.</param>
    public PubSubMessage NewMessage(ReadOnlyMemory<byte> data, string? traceParent = null) => new()
    {
        Data = data,
        Attributes = MessageTrace.Of(traceParent),
        MessageId = Interlocked.Increment(ref _messages).ToString(CultureInfo.InvariantCulture),
        PublishTime = time.GetUtcNow(),
    };

    /// <summary>Delivers a message once.</summary>
    /// <param name="trigger">The function and its topic.</param>
    /// <param name="message">The message.</param>
    /// <param name="project">The topic's project.</param>
    /// <param name="cancellationToken">Cancelled when the host stops; the message must then be redelivered.</param>
    /// <returns>Whether the function acknowledged the message; an exception is logged.</returns>
    public async Task<bool> DeliverAsync(PubSubTrigger trigger, PubSubMessage message, string project, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var function = (ICloudEventFunction)scope.ServiceProvider.GetRequiredService(trigger.Function);
            await function.HandleAsync(ToCloudEvent(trigger, message, project), cancellationToken);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LocalLog.NotAcknowledged(logger, failure, trigger.Function.Name, message.MessageId);
            return false;
        }
    }

    private CloudEvent ToCloudEvent(PubSubTrigger trigger, PubSubMessage message, string project) => new()
    {
        Id = message.MessageId,
        Type = "google.cloud.pubsub.topic.v1.messagePublished",
        Source = _sources.GetOrAdd(
            $"//pubsub.googleapis.com/projects/{project}/topics/{trigger.Topic}",
            static source => new Uri(source, UriKind.RelativeOrAbsolute)),
        Time = message.PublishTime ?? time.GetUtcNow(),
        DataContentType = "application/json",
        Data = new PubSubEvent { Message = message, Subscription = $"projects/{project}/subscriptions/{trigger.Topic}" },
    };
}
