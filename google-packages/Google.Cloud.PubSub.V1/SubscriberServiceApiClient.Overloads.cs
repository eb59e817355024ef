#nullable disable annotations
using Google.Api.Gax.Grpc;

namespace Google.Cloud.PubSub.V1;

/// <content>The other overloads: all that the real package has, because a call that is not ambiguous without them may be so with them.</content>
public abstract partial class SubscriberServiceApiClient
{
    public virtual Task<Subscription> CreateSubscriptionAsync(Subscription request, CancellationToken cancellationToken) =>
        CreateSubscriptionAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<Subscription> CreateSubscriptionAsync(SubscriptionName name, TopicName topic, PushConfig pushConfig, int ackDeadlineSeconds, CallSettings callSettings = null) => CreateSubscriptionAsync(
        new Subscription { SubscriptionName = name, TopicAsTopicName = topic, PushConfig = pushConfig, AckDeadlineSeconds = ackDeadlineSeconds }, callSettings);

    public virtual Task<Subscription> CreateSubscriptionAsync(SubscriptionName name, TopicName topic, PushConfig pushConfig, int ackDeadlineSeconds, CancellationToken cancellationToken) =>
        CreateSubscriptionAsync(name, topic, pushConfig, ackDeadlineSeconds, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<Subscription> CreateSubscriptionAsync(string name, string topic, PushConfig pushConfig, int ackDeadlineSeconds, CallSettings callSettings = null) => CreateSubscriptionAsync(
        new Subscription { Name = name, Topic = topic, PushConfig = pushConfig, AckDeadlineSeconds = ackDeadlineSeconds }, callSettings);

    public virtual Task<Subscription> CreateSubscriptionAsync(string name, string topic, PushConfig pushConfig, int ackDeadlineSeconds, CancellationToken cancellationToken) =>
        CreateSubscriptionAsync(name, topic, pushConfig, ackDeadlineSeconds, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<Subscription> GetSubscriptionAsync(GetSubscriptionRequest request, CancellationToken cancellationToken) =>
        GetSubscriptionAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<Subscription> GetSubscriptionAsync(SubscriptionName subscription, CallSettings callSettings = null) =>
        GetSubscriptionAsync(new GetSubscriptionRequest { Subscription = subscription?.ToString() }, callSettings);

    public virtual Task<Subscription> GetSubscriptionAsync(SubscriptionName subscription, CancellationToken cancellationToken) =>
        GetSubscriptionAsync(subscription, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<Subscription> GetSubscriptionAsync(string subscription, CallSettings callSettings = null) =>
        GetSubscriptionAsync(new GetSubscriptionRequest { Subscription = subscription }, callSettings);

    public virtual Task<Subscription> GetSubscriptionAsync(string subscription, CancellationToken cancellationToken) =>
        GetSubscriptionAsync(subscription, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task DeleteSubscriptionAsync(DeleteSubscriptionRequest request, CancellationToken cancellationToken) =>
        DeleteSubscriptionAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task DeleteSubscriptionAsync(SubscriptionName subscription, CallSettings callSettings = null) =>
        DeleteSubscriptionAsync(new DeleteSubscriptionRequest { Subscription = subscription?.ToString() }, callSettings);

    public virtual Task DeleteSubscriptionAsync(SubscriptionName subscription, CancellationToken cancellationToken) =>
        DeleteSubscriptionAsync(subscription, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task DeleteSubscriptionAsync(string subscription, CallSettings callSettings = null) =>
        DeleteSubscriptionAsync(new DeleteSubscriptionRequest { Subscription = subscription }, callSettings);

    public virtual Task DeleteSubscriptionAsync(string subscription, CancellationToken cancellationToken) =>
        DeleteSubscriptionAsync(subscription, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<PullResponse> PullAsync(PullRequest request, CancellationToken cancellationToken) =>
        PullAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<PullResponse> PullAsync(SubscriptionName subscription, int maxMessages, CallSettings callSettings = null) =>
        PullAsync(new PullRequest { Subscription = subscription?.ToString(), MaxMessages = maxMessages }, callSettings);

    public virtual Task<PullResponse> PullAsync(SubscriptionName subscription, int maxMessages, CancellationToken cancellationToken) =>
        PullAsync(subscription, maxMessages, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<PullResponse> PullAsync(string subscription, int maxMessages, CallSettings callSettings = null) =>
        PullAsync(new PullRequest { Subscription = subscription, MaxMessages = maxMessages }, callSettings);

    public virtual Task<PullResponse> PullAsync(string subscription, int maxMessages, CancellationToken cancellationToken) =>
        PullAsync(subscription, maxMessages, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<PullResponse> PullAsync(SubscriptionName subscription, bool returnImmediately, int maxMessages, CallSettings callSettings = null) => PullAsync(
        new PullRequest { Subscription = subscription?.ToString(), ReturnImmediately = returnImmediately, MaxMessages = maxMessages }, callSettings);

    public virtual Task<PullResponse> PullAsync(SubscriptionName subscription, bool returnImmediately, int maxMessages, CancellationToken cancellationToken) =>
        PullAsync(subscription, returnImmediately, maxMessages, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<PullResponse> PullAsync(string subscription, bool returnImmediately, int maxMessages, CallSettings callSettings = null) => PullAsync(
        new PullRequest { Subscription = subscription, ReturnImmediately = returnImmediately, MaxMessages = maxMessages }, callSettings);

    public virtual Task<PullResponse> PullAsync(string subscription, bool returnImmediately, int maxMessages, CancellationToken cancellationToken) =>
        PullAsync(subscription, returnImmediately, maxMessages, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task AcknowledgeAsync(AcknowledgeRequest request, CancellationToken cancellationToken) =>
        AcknowledgeAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task AcknowledgeAsync(SubscriptionName subscription, IEnumerable<string> ackIds, CallSettings callSettings = null) =>
        AcknowledgeAsync(new AcknowledgeRequest { Subscription = subscription?.ToString(), AckIds = { ackIds } }, callSettings);

    public virtual Task AcknowledgeAsync(SubscriptionName subscription, IEnumerable<string> ackIds, CancellationToken cancellationToken) =>
        AcknowledgeAsync(subscription, ackIds, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task AcknowledgeAsync(string subscription, IEnumerable<string> ackIds, CallSettings callSettings = null) =>
        AcknowledgeAsync(new AcknowledgeRequest { Subscription = subscription, AckIds = { ackIds } }, callSettings);

    public virtual Task AcknowledgeAsync(string subscription, IEnumerable<string> ackIds, CancellationToken cancellationToken) =>
        AcknowledgeAsync(subscription, ackIds, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task ModifyAckDeadlineAsync(ModifyAckDeadlineRequest request, CancellationToken cancellationToken) =>
        ModifyAckDeadlineAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task ModifyAckDeadlineAsync(SubscriptionName subscription, IEnumerable<string> ackIds, int ackDeadlineSeconds, CallSettings callSettings = null) => ModifyAckDeadlineAsync(
        new ModifyAckDeadlineRequest { Subscription = subscription?.ToString(), AckIds = { ackIds }, AckDeadlineSeconds = ackDeadlineSeconds }, callSettings);

    public virtual Task ModifyAckDeadlineAsync(SubscriptionName subscription, IEnumerable<string> ackIds, int ackDeadlineSeconds, CancellationToken cancellationToken) =>
        ModifyAckDeadlineAsync(subscription, ackIds, ackDeadlineSeconds, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task ModifyAckDeadlineAsync(string subscription, IEnumerable<string> ackIds, int ackDeadlineSeconds, CallSettings callSettings = null) => ModifyAckDeadlineAsync(
        new ModifyAckDeadlineRequest { Subscription = subscription, AckIds = { ackIds }, AckDeadlineSeconds = ackDeadlineSeconds }, callSettings);

    public virtual Task ModifyAckDeadlineAsync(string subscription, IEnumerable<string> ackIds, int ackDeadlineSeconds, CancellationToken cancellationToken) =>
        ModifyAckDeadlineAsync(subscription, ackIds, ackDeadlineSeconds, CallSettings.FromCancellationToken(cancellationToken));
}
