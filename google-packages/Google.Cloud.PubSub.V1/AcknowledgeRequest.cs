#nullable disable annotations
using Google.Protobuf.Collections;

namespace Google.Cloud.PubSub.V1;

/// <summary>What <see cref="SubscriberServiceApiClient.AcknowledgeAsync(AcknowledgeRequest, Google.Api.Gax.Grpc.CallSettings)"/> takes.</summary>
public sealed class AcknowledgeRequest
{
    public string Subscription { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    public RepeatedField<string> AckIds { get; } = [];
}
