#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

/// <summary>What <see cref="SubscriberServiceApiClient.DeleteSubscriptionAsync(DeleteSubscriptionRequest, Google.Api.Gax.Grpc.CallSettings)"/> takes.</summary>
public sealed class DeleteSubscriptionRequest
{
    public string Subscription { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";
}
