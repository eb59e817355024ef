using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>
/// The queue in Pub/Sub: one message for each request, with the trace that it belongs to. What may pass is tried again: a message that is
/// published twice does no harm.
/// </summary>
public sealed class PubSubTaskQueue(IOptions<GoogleCloudOptions> options) : ITaskQueue
{
    private readonly TopicName _topic = new(options.Value.ProjectId, options.Value.TaskTopic);
    private readonly GoogleCalls _calls = new("Pub/Sub", options.Value.RequestTimeout);
    private PublisherServiceApiClient? _client;

    /// <inheritdoc/>
    public async ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var message = new PubsubMessage { Data = ByteString.CopyFrom(RunRequestMessage.Write(request).Span) };
        MessageTrace.Write(message.Attributes);
        var what = $"publish the run of task {request.TaskId} to {_topic}";
        var (_, failure) = await _calls.TryAsync(what, tried => PublishAsync(message, tried), cancellationToken);
        if (failure is { StatusCode: StatusCode.NotFound })
        {
            throw new TaskStoreException(
                $"Pub/Sub could not {what}: the topic does not exist. Create it, or set A2A:GoogleCloud:TaskTopic.", isTransient: false, failure);
        }

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
