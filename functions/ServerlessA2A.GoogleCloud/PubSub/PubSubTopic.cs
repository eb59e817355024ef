using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grpc.Core;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>
/// A topic to publish to: each message with the trace that it belongs to. What may pass is tried again: a message that is published twice
/// does no harm.
/// </summary>
/// <param name="options">The project, and how long a publish may take.</param>
/// <param name="topicId">The topic.</param>
/// <param name="setting">The setting that names it, for messages.</param>
internal sealed class PubSubTopic(GoogleCloudOptions options, string topicId, string setting)
{
    private readonly TopicName _topic = new(options.ProjectId, topicId);
    private readonly GoogleCalls _calls = new("Pub/Sub", options.RequestTimeout);
    private PublisherServiceApiClient? _client;

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
        var (_, failure) = await _calls.TryAsync(what, tried => PublishAsync(message, tried), cancellationToken);
        if (failure is { StatusCode: StatusCode.NotFound })
            throw new TaskStoreException($"Pub/Sub could not {what}: the topic does not exist. Create it, or set {setting}.", isTransient: false, failure);
        if (failure is not null)
            throw _calls.ToException(what, "roles/pubsub.publisher", failure);
    }

    private async Task<PublishResponse> PublishAsync(PubsubMessage message, CancellationToken cancellationToken)
    {
        // Built when it is first needed, which most instances never do. Two who need it at once may build two, and one is kept.
        _client ??= await new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOrProduction }.BuildAsync(cancellationToken);
        return await _client.PublishAsync(_topic, [message], cancellationToken);
    }
}
