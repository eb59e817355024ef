using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>
/// A topic to publish to: each message with the trace that it belongs to. What may pass is tried again: a message that is published twice
/// does no harm.
/// </summary>
/// <param name="client">The publisher, which all topics share.</param>
/// <param name="options">The project, and how long a publish may take.</param>
/// <param name="topicId">The topic.</param>
/// <param name="setting">The setting that names it, for messages.</param>
internal sealed class PubSubTopic(GoogleClient<PublisherServiceApiClient> client, GoogleCloudOptions options, string topicId, string setting)
{
    private readonly TopicName _topic = new(options.ProjectId, topicId);
    private readonly GoogleCalls _calls = new("Pub/Sub", options.RequestTimeout);

    /// <summary>Publishes a message.</summary>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="data">Its payload.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TaskStoreException">It could not be published.</exception>
    public async ValueTask PublishAsync(string what, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var message = new PubsubMessage { Data = ByteString.CopyFrom(data.Span) };
        MessageTrace.Write(message.Attributes);
        what = $"publish {what} to {_topic}";
        var (_, failure) = await _calls.TryAsync(what, tried => client.Get().PublishAsync(_topic, [message], tried), cancellationToken);
        if (failure is { StatusCode: StatusCode.NotFound })
            throw new TaskStoreException($"Pub/Sub could not {what}: the topic does not exist. Create it, or set {setting}.", isTransient: false, failure);
        if (failure is not null)
            throw _calls.ToException(what, "roles/pubsub.publisher", failure);
    }

    /// <summary>Looks whether the topic is there. The role of a publisher does not allow that: then Pub/Sub answers, and that is healthy.</summary>
    /// <param name="failureStatus">The status where it is not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TaskStoreException">Pub/Sub did not answer in time.</exception>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthStatus failureStatus, CancellationToken cancellationToken)
    {
        var (_, failure) = await _calls.TryAsync($"read {_topic}", tried => client.Get().GetTopicAsync(_topic, tried), cancellationToken);
        return ToHealth(failure, failureStatus);
    }

    /// <summary>What the answer of Pub/Sub says of the topic.</summary>
    internal HealthCheckResult ToHealth(RpcException? failure, HealthStatus failureStatus) => failure?.StatusCode switch
    {
        null => HealthCheckResult.Healthy(),
        StatusCode.NotFound => new(failureStatus, $"{_topic} does not exist. Create it, or set {setting}."),
        StatusCode.PermissionDenied => HealthCheckResult.Healthy(
            $"Pub/Sub answers. Whether {_topic} exists is not known: grant the service account roles/pubsub.viewer on it."),
        _ => new(failureStatus, _calls.ToException($"read {_topic}", "roles/pubsub.viewer", failure).Message),
    };
}
