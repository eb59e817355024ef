using Google.Cloud.PubSub.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>The queue of notifications in Pub/Sub: one message for each, and a dead letter for what is given up.</summary>
internal sealed class PubSubDeliveryQueue : IDeliveryQueue, IHealthCheck
{
    private readonly PubSubTopic _topic;
    private readonly PubSubTopic _deadLetters;

    internal PubSubDeliveryQueue(GoogleClient<PublisherServiceApiClient> client, IOptions<GoogleCloudOptions> options)
    {
        _topic = new(client, options.Value, options.Value.NotificationTopic);
        _deadLetters = new(client, options.Value, options.Value.DeadLetterTopic);
    }

    /// <inheritdoc/>
    public ValueTask PublishAsync(DeliveryRequest request, CancellationToken cancellationToken) =>
        _topic.PublishAsync($"a notification of task {request.TaskId}", DeliveryMessage.Write(request), cancellationToken);

    /// <inheritdoc/>
    public ValueTask BuryAsync(DeadDelivery delivery, CancellationToken cancellationToken) =>
        _deadLetters.PublishAsync($"a dead notification of task {delivery.TaskId}", DeliveryMessage.Write(delivery), cancellationToken);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        _topic.CheckHealthAsync(context.Registration.FailureStatus, cancellationToken);
}
