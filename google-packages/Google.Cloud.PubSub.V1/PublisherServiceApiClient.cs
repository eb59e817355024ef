#nullable disable annotations
using Google.Api.Gax.Grpc;
using Grpc.Core;

namespace Google.Cloud.PubSub.V1;

/// <summary>Manages topics and publishes to them. Calls fail with an RpcException.</summary>
public abstract partial class PublisherServiceApiClient
{
    private PublisherServiceApiClient()
    {
    }

    public virtual Task<Topic> CreateTopicAsync(Topic request, CallSettings callSettings = null) => throw new NotImplementedException();

    public virtual Task<Topic> GetTopicAsync(GetTopicRequest request, CallSettings callSettings = null) => throw new NotImplementedException();

    public virtual Task DeleteTopicAsync(DeleteTopicRequest request, CallSettings callSettings = null) => throw new NotImplementedException();

    public virtual Task<PublishResponse> PublishAsync(PublishRequest request, CallSettings callSettings = null) => throw new NotImplementedException();

    internal static PublisherServiceApiClient Over(CallInvoker invoker) => new Client(new(invoker));

    private sealed class Client(Publisher.PublisherClient client) : PublisherServiceApiClient
    {
        public override async Task<Topic> CreateTopicAsync(Topic request, CallSettings callSettings = null) =>
            await client.CreateTopicAsync(request, PubSubCalls.Options(callSettings));

        public override async Task<Topic> GetTopicAsync(GetTopicRequest request, CallSettings callSettings = null) =>
            await client.GetTopicAsync(request, PubSubCalls.Options(callSettings));

        public override async Task DeleteTopicAsync(DeleteTopicRequest request, CallSettings callSettings = null) =>
            await client.DeleteTopicAsync(request, PubSubCalls.Options(callSettings));

        public override async Task<PublishResponse> PublishAsync(PublishRequest request, CallSettings callSettings = null) =>
            await client.PublishAsync(request, PubSubCalls.Options(callSettings));
    }
}
