#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

/// <summary>What <see cref="SubscriberServiceApiClient.PullAsync(PullRequest, Google.Api.Gax.Grpc.CallSettings)"/> takes.</summary>
public sealed class PullRequest
{
    public string Subscription { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    public int MaxMessages { get; set; }

    /// <summary>Does not wait for messages.</summary>
    public bool ReturnImmediately { get; set; }
}
