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
public sealed class PubSubTaskQueue(IOptions<GoogleCloudOptions> options, TimeProvider time) : ITaskQueue
{
    private const int Tries = 3;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

    private readonly TopicName _topic = new(options.Value.ProjectId, options.Value.TaskTopic);
    private readonly TimeSpan _timeout = options.Value.RequestTimeout;
    private PublisherServiceApiClient? _client;

    /// <inheritdoc/>
    public async ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var message = new PubsubMessage { Data = ByteString.CopyFrom(RunRequestMessage.Write(request).Span) };
        MessageTrace.Write(message.Attributes);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await PublishAsync(message, cancellationToken);
                return;
            }
            catch (TaskStoreException failure) when (failure.IsTransient && attempt < Tries)
            {
                await Task.Delay(Wait * attempt, time, cancellationToken);
            }
        }
    }

    private async Task PublishAsync(PubsubMessage message, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // Built when it is first needed, which most instances never do. Two who need it at once may build two, and one is kept.
            _client ??= await new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOrProduction }.BuildAsync(either.Token);
            await _client.PublishAsync(_topic, [message], either.Token);
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw timeout.IsCancellationRequested
                ? new TaskStoreException($"Pub/Sub did not take a message for {_topic} within {_timeout}.", isTransient: true, failure)
                : ToException(failure, _topic);
        }
    }

    internal static TaskStoreException ToException(Exception failure, TopicName topic)
    {
        if (failure is not RpcException { Status: var status })
            return new TaskStoreException($"There is no way to Pub/Sub: {failure.Message}", isTransient: false, failure);
        return new TaskStoreException(
            status.StatusCode switch
            {
                StatusCode.NotFound => $"The Pub/Sub topic {topic} does not exist: create it, or set A2A:GoogleCloud:TaskTopic. {status.Detail}",
                StatusCode.PermissionDenied or StatusCode.Unauthenticated =>
                    $"Pub/Sub refused a message for {topic}: the function's service account needs the role roles/pubsub.publisher. {status.Detail}",
                _ => $"Pub/Sub could not take a message for {topic}: {status.StatusCode}: {status.Detail}",
            },
            IsTransient(status.StatusCode),
            failure);
    }

    /// <summary>Cancelled is one of them: not by us, but by a server that is going away, or by a proxy.</summary>
    private static bool IsTransient(StatusCode code) => code is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Aborted
        or StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled or StatusCode.ResourceExhausted;
}
