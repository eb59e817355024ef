using Google.Api.Gax;
using Google.Api.Gax.Grpc;

namespace Google.Cloud.PubSub.V1;

/// <summary>Builds a <see cref="PublisherServiceApiClient"/>.</summary>
public sealed class PublisherServiceApiClientBuilder : ClientBuilderBase<PublisherServiceApiClient>
{
    public PublisherServiceApiClientBuilder() : base(PubSubCalls.Endpoint, PubSubCalls.EmulatorVariable, PubSubCalls.Retried)
    {
    }

    public new EmulatorDetection EmulatorDetection
    {
        get => base.EmulatorDetection;
        set => base.EmulatorDetection = value;
    }

    public override PublisherServiceApiClient Build() => PublisherServiceApiClient.Over(CreateCallInvoker());

    public override async Task<PublisherServiceApiClient> BuildAsync(CancellationToken cancellationToken = default) =>
        PublisherServiceApiClient.Over(await CreateCallInvokerAsync(cancellationToken));
}
