using Google.Api.Gax;
using Google.Api.Gax.Grpc;

namespace Google.Cloud.PubSub.V1;

/// <summary>Makes a <see cref="PublisherServiceApiClient"/>, with Application Default Credentials unless it is on the emulator.</summary>
public sealed class PublisherServiceApiClientBuilder : ClientBuilderBase<PublisherServiceApiClient>
{
    public PublisherServiceApiClientBuilder() : base(PubSubService.Endpoint, PubSubService.EmulatorVariable)
    {
    }

    public new EmulatorDetection EmulatorDetection
    {
        get => base.EmulatorDetection;
        set => base.EmulatorDetection = value;
    }

    public override PublisherServiceApiClient Build() => PublisherServiceApiClient.Over(new PubSubService(Connect()));

    public override async Task<PublisherServiceApiClient> BuildAsync(CancellationToken cancellationToken = default) =>
        PublisherServiceApiClient.Over(new PubSubService(await ConnectAsync(cancellationToken)));
}
