using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>
/// A topic to publish to. Each message carries the current trace. Transient failures are retried: publishing a message twice is harmless.
/// </summary>
/// <param name="client">The publisher, which all topics share.</param>
/// <param name="options">The project and the time limit of a publish.</param>
/// <param name="topicId">The topic.</param>
internal sealed class PubSubTopic(
    GoogleClient<PublisherServiceApiClient> client, GoogleCloudOptions options, string topicId)
{
    private readonly TopicName _topic = new(options.ProjectId, topicId);
    private readonly GoogleCalls _calls = new("Pub/Sub", options.RequestTimeout, TimeProvider.System);

    /// <summary>Publishes a message.</summary>
    /// <param name="what">The kind of message, for errors.</param>
    /// <param name="data">The payload.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TaskStoreException">The message could not be published.</exception>
    public async ValueTask PublishAsync(string what, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var message = new PubsubMessage { Data = ByteString.CopyFrom(data.Span) };
        using var span = GoogleCloudTelemetry.StartPublish(topicId);
        MessageTrace.Write(message.Attributes);
        what = $"publish {what} to {_topic}";
        var (_, failure) = await _calls.TryAsync(
            what, tried => client.Get().PublishAsync(_topic, [message], tried), cancellationToken, span);
        if (failure is { StatusCode: StatusCode.NotFound })
            throw new TaskStoreException(
                $"Pub/Sub could not {what}: the topic does not exist. Create it, or set A2A:GoogleCloud:TopicPrefix.", isTransient: false,
                failure);
        if (failure is not null)
            throw _calls.ToException(what, "roles/pubsub.publisher", failure);
    }

    /// <summary>Checks that the topic exists. A publisher's role does not permit that; then any response of Pub/Sub is healthy.</summary>
    /// <param name="failureStatus">The status if the topic does not exist.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TaskStoreException">Pub/Sub did not respond in time.</exception>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthStatus failureStatus, CancellationToken cancellationToken)
    {
        var (_, failure) = await _calls.TryAsync($"read {_topic}", tried => client.Get().GetTopicAsync(_topic, tried), cancellationToken);
        return ToHealth(failure, failureStatus);
    }

    /// <summary>Interprets the response of Pub/Sub about the topic.</summary>
    internal HealthCheckResult ToHealth(RpcException? failure, HealthStatus failureStatus) => failure?.StatusCode switch
    {
        null => HealthCheckResult.Healthy(),
        StatusCode.NotFound => new(failureStatus, $"{_topic} does not exist. Create it, or set A2A:GoogleCloud:TopicPrefix."),
        StatusCode.PermissionDenied => HealthCheckResult.Healthy(
            $"Pub/Sub is reachable, but permission to see {_topic} is missing: grant the service account roles/pubsub.viewer on it."),
        _ => new(failureStatus, _calls.ToException($"read {_topic}", "roles/pubsub.viewer", failure).Message),
    };
}
