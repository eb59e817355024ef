#nullable disable annotations
using Google.Api.Gax.Grpc;
using Grpc.Core;

namespace Google.Cloud.PubSub.V1;

/// <summary>Manages subscriptions and pulls from them. Calls fail with an RpcException.</summary>
public abstract partial class SubscriberServiceApiClient
{
    private SubscriberServiceApiClient()
    {
    }

    public virtual Task<Subscription> CreateSubscriptionAsync(Subscription request, CallSettings callSettings = null) => throw new NotImplementedException();

    public virtual Task<Subscription> GetSubscriptionAsync(GetSubscriptionRequest request, CallSettings callSettings = null) => throw new NotImplementedException();

    public virtual Task DeleteSubscriptionAsync(DeleteSubscriptionRequest request, CallSettings callSettings = null) => throw new NotImplementedException();

    /// <summary>Waits a while for messages; returns none if there are none by then.</summary>
    public virtual Task<PullResponse> PullAsync(PullRequest request, CallSettings callSettings = null) => throw new NotImplementedException();

    public virtual Task AcknowledgeAsync(AcknowledgeRequest request, CallSettings callSettings = null) => throw new NotImplementedException();

    public virtual Task ModifyAckDeadlineAsync(ModifyAckDeadlineRequest request, CallSettings callSettings = null) => throw new NotImplementedException();

    internal static SubscriberServiceApiClient Over(CallInvoker invoker) => new Client(new(invoker));

    private sealed class Client(Subscriber.SubscriberClient client) : SubscriberServiceApiClient
    {
        public override async Task<Subscription> CreateSubscriptionAsync(Subscription request, CallSettings callSettings = null) =>
            await client.CreateSubscriptionAsync(request, PubSubCalls.Options(callSettings));

        public override async Task<Subscription> GetSubscriptionAsync(GetSubscriptionRequest request, CallSettings callSettings = null) =>
            await client.GetSubscriptionAsync(request, PubSubCalls.Options(callSettings));

        public override async Task DeleteSubscriptionAsync(DeleteSubscriptionRequest request, CallSettings callSettings = null) =>
            await client.DeleteSubscriptionAsync(request, PubSubCalls.Options(callSettings));

        public override async Task<PullResponse> PullAsync(PullRequest request, CallSettings callSettings = null) =>
            await client.PullAsync(request, PubSubCalls.Options(callSettings));

        public override async Task AcknowledgeAsync(AcknowledgeRequest request, CallSettings callSettings = null) =>
            await client.AcknowledgeAsync(request, PubSubCalls.Options(callSettings));

        public override async Task ModifyAckDeadlineAsync(ModifyAckDeadlineRequest request, CallSettings callSettings = null) =>
            await client.ModifyAckDeadlineAsync(request, PubSubCalls.Options(callSettings));
    }
}
