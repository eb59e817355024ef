#nullable disable annotations
using Google.Api.Gax.Grpc;

namespace Google.Cloud.PubSub.V1;

/// <summary>Subscriptions, and pulling from them.</summary>
public abstract partial class SubscriberServiceApiClient
{
    private readonly PubSubService service;

    private SubscriberServiceApiClient(PubSubService service) => this.service = service;

    public virtual Task<Subscription> CreateSubscriptionAsync(Subscription request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = PubSubJson.Write(request, PubSubJson.Subscription);
        return service.CallAsync(HttpMethod.Put, request.Name, body, PubSubService.Retries, PubSubJson.ReadSubscription, callSettings);
    }

    public virtual Task<Subscription> GetSubscriptionAsync(GetSubscriptionRequest request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return service.CallAsync(HttpMethod.Get, request.Subscription, default, PubSubService.Retries, PubSubJson.ReadSubscription, callSettings);
    }

    public virtual Task DeleteSubscriptionAsync(DeleteSubscriptionRequest request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return service.CallAsync(HttpMethod.Delete, request.Subscription, default, PubSubService.Retries, static _ => true, callSettings);
    }

    /// <summary>Waits a while for messages, and gives none if there are none by then.</summary>
    public virtual Task<PullResponse> PullAsync(PullRequest request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = PubSubJson.Write(request, static (json, request) =>
        {
            json.WriteNumber("maxMessages", request.MaxMessages);
            if (request.ReturnImmediately)
                json.WriteBoolean("returnImmediately", true);
        });
        return service.PostAsync($"{request.Subscription}:pull", body, PubSubJson.ReadPulled, callSettings);
    }

    public virtual Task AcknowledgeAsync(AcknowledgeRequest request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return service.PostAsync($"{request.Subscription}:acknowledge", PubSubJson.Write(request.AckIds, PubSubJson.AckIds), static _ => true, callSettings);
    }

    public virtual Task ModifyAckDeadlineAsync(ModifyAckDeadlineRequest request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = PubSubJson.Write(request, static (json, request) =>
        {
            PubSubJson.AckIds(json, request.AckIds);
            json.WriteNumber("ackDeadlineSeconds", request.AckDeadlineSeconds);
        });
        return service.PostAsync($"{request.Subscription}:modifyAckDeadline", body, static _ => true, callSettings);
    }

    internal static SubscriberServiceApiClient Over(PubSubService service) => new Client(service);

    private sealed class Client(PubSubService service) : SubscriberServiceApiClient(service);
}
