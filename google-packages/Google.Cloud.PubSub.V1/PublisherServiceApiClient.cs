namespace Google.Cloud.PubSub.V1;

/// <summary>Topics, and publishing to them.</summary>
public abstract class PublisherServiceApiClient
{
    private readonly PubSubService service;

    private PublisherServiceApiClient(PubSubService service) => this.service = service;

    public virtual Task<Topic> CreateTopicAsync(TopicName name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return service.CallAsync(HttpMethod.Put, $"{name}", "{}"u8.ToArray(), PubSubService.Retries, PubSubJson.ReadTopic, cancellationToken);
    }

    public virtual Task<Topic> GetTopicAsync(TopicName topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return service.CallAsync(HttpMethod.Get, $"{topic}", default, PubSubService.Retries, PubSubJson.ReadTopic, cancellationToken);
    }

    public virtual Task DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return service.CallAsync(HttpMethod.Delete, $"{topic}", default, PubSubService.Retries, static _ => true, cancellationToken);
    }

    public virtual Task<PublishResponse> PublishAsync(TopicName topic, IEnumerable<PubsubMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(messages);
        return service.CallAsync(HttpMethod.Post, $"{topic}:publish", PubSubJson.Write(messages, PubSubJson.Messages), PubSubService.PublishRetries, PubSubJson.ReadPublished, cancellationToken);
    }

    internal static PublisherServiceApiClient Over(PubSubService service) => new Client(service);

    private sealed class Client(PubSubService service) : PublisherServiceApiClient(service);
}
