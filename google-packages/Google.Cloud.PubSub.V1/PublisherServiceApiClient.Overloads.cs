#nullable disable annotations
using Google.Api.Gax.Grpc;

namespace Google.Cloud.PubSub.V1;

/// <content>The other overloads: all that the real package has, because a call that is not ambiguous without them may be so with them.</content>
public abstract partial class PublisherServiceApiClient
{
    public virtual Task<Topic> CreateTopicAsync(Topic request, CancellationToken cancellationToken) =>
        CreateTopicAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<Topic> CreateTopicAsync(TopicName name, CallSettings callSettings = null) =>
        CreateTopicAsync(new Topic { TopicName = name }, callSettings);

    public virtual Task<Topic> CreateTopicAsync(TopicName name, CancellationToken cancellationToken) =>
        CreateTopicAsync(name, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<Topic> CreateTopicAsync(string name, CallSettings callSettings = null) =>
        CreateTopicAsync(new Topic { Name = name }, callSettings);

    public virtual Task<Topic> CreateTopicAsync(string name, CancellationToken cancellationToken) =>
        CreateTopicAsync(name, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<Topic> GetTopicAsync(GetTopicRequest request, CancellationToken cancellationToken) =>
        GetTopicAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<Topic> GetTopicAsync(TopicName topic, CallSettings callSettings = null) =>
        GetTopicAsync(new GetTopicRequest { Topic = topic?.ToString() }, callSettings);

    public virtual Task<Topic> GetTopicAsync(TopicName topic, CancellationToken cancellationToken) =>
        GetTopicAsync(topic, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<Topic> GetTopicAsync(string topic, CallSettings callSettings = null) =>
        GetTopicAsync(new GetTopicRequest { Topic = topic }, callSettings);

    public virtual Task<Topic> GetTopicAsync(string topic, CancellationToken cancellationToken) =>
        GetTopicAsync(topic, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task DeleteTopicAsync(DeleteTopicRequest request, CancellationToken cancellationToken) =>
        DeleteTopicAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task DeleteTopicAsync(TopicName topic, CallSettings callSettings = null) =>
        DeleteTopicAsync(new DeleteTopicRequest { Topic = topic?.ToString() }, callSettings);

    public virtual Task DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken) =>
        DeleteTopicAsync(topic, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task DeleteTopicAsync(string topic, CallSettings callSettings = null) =>
        DeleteTopicAsync(new DeleteTopicRequest { Topic = topic }, callSettings);

    public virtual Task DeleteTopicAsync(string topic, CancellationToken cancellationToken) =>
        DeleteTopicAsync(topic, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<PublishResponse> PublishAsync(PublishRequest request, CancellationToken cancellationToken) =>
        PublishAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<PublishResponse> PublishAsync(TopicName topic, IEnumerable<PubsubMessage> messages, CallSettings callSettings = null) =>
        PublishAsync(new PublishRequest { Topic = topic?.ToString(), Messages = { messages } }, callSettings);

    public virtual Task<PublishResponse> PublishAsync(TopicName topic, IEnumerable<PubsubMessage> messages, CancellationToken cancellationToken) =>
        PublishAsync(topic, messages, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<PublishResponse> PublishAsync(string topic, IEnumerable<PubsubMessage> messages, CallSettings callSettings = null) =>
        PublishAsync(new PublishRequest { Topic = topic, Messages = { messages } }, callSettings);

    public virtual Task<PublishResponse> PublishAsync(string topic, IEnumerable<PubsubMessage> messages, CancellationToken cancellationToken) =>
        PublishAsync(topic, messages, CallSettings.FromCancellationToken(cancellationToken));
}
