#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

/// <summary>What <see cref="PublisherServiceApiClient.GetTopicAsync(GetTopicRequest, Google.Api.Gax.Grpc.CallSettings)"/> takes.</summary>
public sealed class GetTopicRequest
{
    public string Topic { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";
}
