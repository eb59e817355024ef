using Google.Api.Gax;
using Google.Api.Gax.Grpc;

namespace Google.Cloud.PubSub.V1;

/// <summary>Builds a <see cref="SubscriberServiceApiClient"/>.</summary>
public sealed class SubscriberServiceApiClientBuilder : ClientBuilderBase<SubscriberServiceApiClient>
{
    public SubscriberServiceApiClientBuilder() : base(PubSubCalls.Endpoint, PubSubCalls.EmulatorVariable, PubSubCalls.Retried)
    {
    }

    public new EmulatorDetection EmulatorDetection
    {
        get => base.EmulatorDetection;
        set => base.EmulatorDetection = value;
    }

    public override SubscriberServiceApiClient Build() => SubscriberServiceApiClient.Over(CreateCallInvoker());

    public override async Task<SubscriberServiceApiClient> BuildAsync(CancellationToken cancellationToken = default) =>
        SubscriberServiceApiClient.Over(await CreateCallInvokerAsync(cancellationToken));
}
