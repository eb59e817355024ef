#nullable disable annotations
using Google.Api.Gax.Grpc;

namespace Google.Cloud.AIPlatform.V1;

/// <summary>Makes a <see cref="PredictionServiceClient"/>, with Application Default Credentials unless it is given others.</summary>
public sealed class PredictionServiceClientBuilder : ClientBuilderBase<PredictionServiceClient>
{
    public PredictionServiceClientBuilder() : base("aiplatform.googleapis.com", emulatorVariable: null)
    {
    }

    /// <summary>Null for the defaults.</summary>
    public PredictionServiceSettings Settings { get; set; }

    public override PredictionServiceClient Build() => PredictionServiceClient.Over(new PredictionService(Connect(), Settings ?? PredictionServiceSettings.GetDefault()));

    public override Task<PredictionServiceClient> BuildAsync(CancellationToken cancellationToken = default) => Task.FromResult(Build());
}
