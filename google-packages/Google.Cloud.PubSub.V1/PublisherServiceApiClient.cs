#nullable disable annotations
using Google.Api.Gax.Grpc;

namespace Google.Cloud.PubSub.V1;

/// <summary>Topics, and publishing to them.</summary>
public abstract partial class PublisherServiceApiClient
{
    private readonly PubSubService service;

    private PublisherServiceApiClient(PubSubService service) => this.service = service;

    public virtual Task<Topic> CreateTopicAsync(Topic request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return service.CallAsync(HttpMethod.Put, request.Name, "{}"u8.ToArray(), PubSubService.Retries, PubSubJson.ReadTopic, callSettings);
    }

    public virtual Task<Topic> GetTopicAsync(GetTopicRequest request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return service.CallAsync(HttpMethod.Get, request.Topic, default, PubSubService.Retries, PubSubJson.ReadTopic, callSettings);
    }

    public virtual Task DeleteTopicAsync(DeleteTopicRequest request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return service.CallAsync(HttpMethod.Delete, request.Topic, default, PubSubService.Retries, static _ => true, callSettings);
    }

    public virtual Task<PublishResponse> PublishAsync(PublishRequest request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = PubSubJson.Write(request.Messages, PubSubJson.Messages);
        return service.CallAsync(HttpMethod.Post, $"{request.Topic}:publish", body, PubSubService.PublishRetries, PubSubJson.ReadPublished, callSettings);
    }

    internal static PublisherServiceApiClient Over(PubSubService service) => new Client(service);

    private sealed class Client(PubSubService service) : PublisherServiceApiClient(service);
}
