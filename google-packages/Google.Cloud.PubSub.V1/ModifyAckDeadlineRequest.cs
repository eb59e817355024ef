#nullable disable annotations
using Google.Protobuf.Collections;

namespace Google.Cloud.PubSub.V1;

/// <summary>What <see cref="SubscriberServiceApiClient.ModifyAckDeadlineAsync(ModifyAckDeadlineRequest, Google.Api.Gax.Grpc.CallSettings)"/> takes.</summary>
public sealed class ModifyAckDeadlineRequest
{
    public string Subscription { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    public RepeatedField<string> AckIds { get; } = [];

    /// <summary>From now on; 0 has the messages delivered again at once.</summary>
    public int AckDeadlineSeconds { get; set; }
}
