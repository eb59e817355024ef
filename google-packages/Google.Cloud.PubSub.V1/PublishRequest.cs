#nullable disable annotations
using Google.Protobuf.Collections;

namespace Google.Cloud.PubSub.V1;

/// <summary>What <see cref="PublisherServiceApiClient.PublishAsync(PublishRequest, Google.Api.Gax.Grpc.CallSettings)"/> takes.</summary>
public sealed class PublishRequest
{
    public string Topic { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    public RepeatedField<PubsubMessage> Messages { get; } = [];
}
