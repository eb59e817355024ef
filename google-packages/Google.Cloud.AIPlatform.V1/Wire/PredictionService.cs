using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Transport;
using Google.Protobuf;

namespace Google.Cloud.AIPlatform.V1;

/// <summary>The service's calls as they travel.</summary>
internal sealed class PredictionService(ServiceConnection connection, PredictionServiceSettings settings)
{
    private const string Service = "/google.cloud.aiplatform.v1.PredictionService";

    public async Task<GenerateContentResponse> GenerateContentAsync(GenerateContentRequest request, CallSettings? callSettings)
    {
        using var call = Start("GenerateContent", request, settings.GenerateContentSettings, callSettings);
        return await call.SingleAsync();
    }

    public ServerStreamingCall<GenerateContentResponse> StreamGenerateContent(GenerateContentRequest request, CallSettings? callSettings) =>
        Start("StreamGenerateContent", request, settings.StreamGenerateContentSettings, callSettings);

    private ServerStreamingCall<GenerateContentResponse> Start(string method, GenerateContentRequest request, CallSettings? ofMethod, CallSettings? ofCall) => new(
        connection,
        $"{Service}/{method}",
        GrpcFrame.Of(request.CalculateSize(), request.WriteTo),
        // Where the service routes it to.
        [KeyValuePair.Create("x-goog-request-params", $"model={Uri.EscapeDataString(request.Model)}")],
        static message => GenerateContentResponse.Parser.ParseFrom(message.Span),
        CallSettings.Merge(settings.CallSettings, ofMethod, ofCall));
}
