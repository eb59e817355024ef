#nullable disable annotations
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Transport;

namespace Google.Cloud.AIPlatform.V1;

/// <summary>Makes a <see cref="PredictionServiceClient"/>, with Application Default Credentials unless it is given others.</summary>
public sealed class PredictionServiceClientBuilder : ClientBuilderBase<PredictionServiceClient>
{
    public PredictionServiceClientBuilder() : base("aiplatform.googleapis.com", emulatorVariable: null)
    {
    }

    /// <summary>Null for the defaults.</summary>
    public PredictionServiceSettings Settings { get; set; }

    public override PredictionServiceClient Build() => Over(Connect());

    public override async Task<PredictionServiceClient> BuildAsync(CancellationToken cancellationToken = default) => Over(await ConnectAsync(cancellationToken));

    private PredictionServiceClient Over(ServiceConnection connection) =>
        PredictionServiceClient.Over(new PredictionService(connection, Settings ?? PredictionServiceSettings.GetDefault()));
}
