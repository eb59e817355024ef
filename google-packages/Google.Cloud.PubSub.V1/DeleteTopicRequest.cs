#nullable disable annotations
namespace Google.Cloud.PubSub.V1;

/// <summary>What <see cref="PublisherServiceApiClient.DeleteTopicAsync(DeleteTopicRequest, Google.Api.Gax.Grpc.CallSettings)"/> takes.</summary>
public sealed class DeleteTopicRequest
{
    public string Topic { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";
}
