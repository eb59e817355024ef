#nullable disable annotations
using Google.Api.Gax.Grpc;
using Grpc.Core;

namespace Google.Cloud.AIPlatform.V1;

/// <summary>Generates content with models. Calls fail with an RpcException.</summary>
public abstract class PredictionServiceClient
{
    private PredictionServiceClient()
    {
    }

    public virtual Task<GenerateContentResponse> GenerateContentAsync(GenerateContentRequest request, CallSettings callSettings = null) =>
        throw new NotImplementedException();

    public virtual Task<GenerateContentResponse> GenerateContentAsync(GenerateContentRequest request, CancellationToken cancellationToken) =>
        GenerateContentAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<GenerateContentResponse> GenerateContentAsync(string model, IEnumerable<Content> contents, CallSettings callSettings = null) =>
        GenerateContentAsync(new GenerateContentRequest { Model = model, Contents = { contents } }, callSettings);

    public virtual Task<GenerateContentResponse> GenerateContentAsync(string model, IEnumerable<Content> contents, CancellationToken cancellationToken) =>
        GenerateContentAsync(model, contents, CallSettings.FromCancellationToken(cancellationToken));

    /// <summary>Starts at once; ends when the stream is read to its end or disposed.</summary>
    public virtual StreamGenerateContentStream StreamGenerateContent(GenerateContentRequest request, CallSettings callSettings = null) =>
        throw new NotImplementedException();

    /// <inheritdoc cref="StreamGenerateContent(GenerateContentRequest, CallSettings)"/>
    public virtual StreamGenerateContentStream StreamGenerateContent(string model, IEnumerable<Content> contents, CallSettings callSettings = null) =>
        StreamGenerateContent(new GenerateContentRequest { Model = model, Contents = { contents } }, callSettings);

    internal static PredictionServiceClient Over(CallInvoker invoker, PredictionServiceSettings settings) => new Client(new(invoker), settings);

    /// <summary>A call and the part of its response received so far.</summary>
    public abstract class StreamGenerateContentStream : ServerStreamingBase<GenerateContentResponse>
    {
        private StreamGenerateContentStream()
        {
        }

        internal static StreamGenerateContentStream Of(AsyncServerStreamingCall<GenerateContentResponse> call) => new Stream(call);

        private sealed class Stream(AsyncServerStreamingCall<GenerateContentResponse> call) : StreamGenerateContentStream
        {
            public override AsyncServerStreamingCall<GenerateContentResponse> GrpcCall => call;
        }
    }

    private sealed class Client(PredictionService.PredictionServiceClient client, PredictionServiceSettings settings) : PredictionServiceClient
    {
        public override async Task<GenerateContentResponse> GenerateContentAsync(GenerateContentRequest request, CallSettings callSettings = null)
        {
            ArgumentNullException.ThrowIfNull(request);
            return await client.GenerateContentAsync(request, Options(request, settings.GenerateContentSettings, callSettings));
        }

        public override StreamGenerateContentStream StreamGenerateContent(GenerateContentRequest request, CallSettings callSettings = null)
        {
            ArgumentNullException.ThrowIfNull(request);
            return StreamGenerateContentStream.Of(client.StreamGenerateContent(request, Options(request, settings.StreamGenerateContentSettings, callSettings)));
        }

        private CallOptions Options(GenerateContentRequest request, CallSettings ofMethod, CallSettings ofCall) =>
            // The service routes the call by this header.
            CallSettings.ToCallOptions(new Metadata { { "x-goog-request-params", $"model={Uri.EscapeDataString(request.Model)}" } }, settings.CallSettings, ofMethod, ofCall);
    }
}
