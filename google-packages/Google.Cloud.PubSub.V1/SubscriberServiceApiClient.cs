#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

/// <summary>Subscriptions, and pulling from them.</summary>
public abstract class SubscriberServiceApiClient
{
    private readonly PubSubService service;

    private SubscriberServiceApiClient(PubSubService service) => this.service = service;

    public virtual Task<Subscription> CreateSubscriptionAsync(Subscription request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return service.CallAsync(HttpMethod.Put, request.Name, PubSubJson.Write(request, PubSubJson.Subscription), PubSubService.Retries, PubSubJson.ReadSubscription, cancellationToken);
    }

    /// <param name="name">The new subscription.</param>
    /// <param name="topic">Its topic.</param>
    /// <param name="pushConfig">Null for a subscription that is pulled from.</param>
    /// <param name="ackDeadlineSeconds">10 to 600; 0 for the service's own.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual Task<Subscription> CreateSubscriptionAsync(SubscriptionName name, TopicName topic, PushConfig pushConfig, int ackDeadlineSeconds, CancellationToken cancellationToken) =>
        CreateSubscriptionAsync(new() { SubscriptionName = name, TopicAsTopicName = topic, PushConfig = pushConfig, AckDeadlineSeconds = ackDeadlineSeconds }, cancellationToken);

    public virtual Task<Subscription> GetSubscriptionAsync(SubscriptionName subscription, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return service.CallAsync(HttpMethod.Get, $"{subscription}", default, PubSubService.Retries, PubSubJson.ReadSubscription, cancellationToken);
    }

    public virtual Task DeleteSubscriptionAsync(SubscriptionName subscription, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return service.CallAsync(HttpMethod.Delete, $"{subscription}", default, PubSubService.Retries, static _ => true, cancellationToken);
    }

    /// <summary>Waits a while for messages, and gives none if there are none by then.</summary>
    public virtual Task<PullResponse> PullAsync(SubscriptionName subscription, int maxMessages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        var body = PubSubJson.Write(maxMessages, static (json, max) => json.WriteNumber("maxMessages", max));
        return service.PostAsync($"{subscription}:pull", body, PubSubJson.ReadPulled, cancellationToken);
    }

    public virtual Task AcknowledgeAsync(SubscriptionName subscription, IEnumerable<string> ackIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ArgumentNullException.ThrowIfNull(ackIds);
        return service.PostAsync($"{subscription}:acknowledge", PubSubJson.Write(ackIds, PubSubJson.AckIds), static _ => true, cancellationToken);
    }

    /// <param name="subscription">Where the messages came from.</param>
    /// <param name="ackIds">Theirs.</param>
    /// <param name="ackDeadlineSeconds">From now on; 0 has them delivered again at once.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual Task ModifyAckDeadlineAsync(SubscriptionName subscription, IEnumerable<string> ackIds, int ackDeadlineSeconds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ArgumentNullException.ThrowIfNull(ackIds);
        var body = PubSubJson.Write((ackIds, ackDeadlineSeconds), static (json, request) =>
        {
            PubSubJson.AckIds(json, request.ackIds);
            json.WriteNumber("ackDeadlineSeconds", request.ackDeadlineSeconds);
        });
        return service.PostAsync($"{subscription}:modifyAckDeadline", body, static _ => true, cancellationToken);
    }

    internal static SubscriberServiceApiClient Over(PubSubService service) => new Client(service);

    private sealed class Client(PubSubService service) : SubscriberServiceApiClient(service);
}
