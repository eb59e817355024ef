using Google.Api.Gax;
using Google.Api.Gax.Grpc;

namespace Google.Cloud.PubSub.V1;

/// <summary>Makes a <see cref="SubscriberServiceApiClient"/>, with Application Default Credentials unless it is on the emulator.</summary>
public sealed class SubscriberServiceApiClientBuilder : ClientBuilderBase<SubscriberServiceApiClient>
{
    public SubscriberServiceApiClientBuilder() : base(PubSubService.Endpoint, PubSubService.EmulatorVariable)
    {
    }

    public new EmulatorDetection EmulatorDetection
    {
        get => base.EmulatorDetection;
        set => base.EmulatorDetection = value;
    }

    public override SubscriberServiceApiClient Build() => SubscriberServiceApiClient.Over(new PubSubService(Connect()));

    public override async Task<SubscriberServiceApiClient> BuildAsync(CancellationToken cancellationToken = default) =>
        SubscriberServiceApiClient.Over(new PubSubService(await ConnectAsync(cancellationToken)));
}
