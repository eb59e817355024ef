#nullable disable annotations
using Google.Api.Gax.Grpc;
using Grpc.Core;

namespace Google.Cloud.AIPlatform.V1;

/// <summary>Builds a <see cref="PredictionServiceClient"/>.</summary>
public sealed class PredictionServiceClientBuilder : ClientBuilderBase<PredictionServiceClient>
{
    public PredictionServiceClientBuilder() : base("aiplatform.googleapis.com", emulatorVariable: null)
    {
    }

    /// <summary>Default: <see cref="PredictionServiceSettings.GetDefault"/>.</summary>
    public PredictionServiceSettings Settings { get; set; }

    public override PredictionServiceClient Build() => Over(CreateCallInvoker());

    public override async Task<PredictionServiceClient> BuildAsync(CancellationToken cancellationToken = default) => Over(await CreateCallInvokerAsync(cancellationToken));

    private PredictionServiceClient Over(CallInvoker invoker) => PredictionServiceClient.Over(invoker, Settings ?? PredictionServiceSettings.GetDefault());
}
