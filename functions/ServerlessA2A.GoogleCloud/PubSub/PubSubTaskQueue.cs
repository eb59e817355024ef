using Google.Cloud.PubSub.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>The queue of runs in Pub/Sub: one message per request.</summary>
internal sealed class PubSubTaskQueue : ITaskQueue, IHealthCheck
{
    private readonly PubSubTopic _topic;

    internal PubSubTaskQueue(GoogleClient<PublisherServiceApiClient> client, IOptions<GoogleCloudOptions> options) =>
        _topic = new(client, options.Value, options.Value.TaskTopic);

    /// <inheritdoc/>
    public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken) =>
        _topic.PublishAsync($"the run of task {request.TaskId}", RunRequestMessage.Write(request), cancellationToken);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        _topic.CheckHealthAsync(context.Registration.FailureStatus, cancellationToken);
}
