#nullable disable annotations
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Transport;

namespace Google.Cloud.AIPlatform.V1;

/// <summary>Models, which generate content. Calls fail with an RpcException.</summary>
public abstract class PredictionServiceClient
{
    private readonly PredictionService service;

    private PredictionServiceClient(PredictionService service) => this.service = service;

    public virtual Task<GenerateContentResponse> GenerateContentAsync(GenerateContentRequest request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return service.GenerateContentAsync(request, callSettings);
    }

    public virtual Task<GenerateContentResponse> GenerateContentAsync(GenerateContentRequest request, CancellationToken cancellationToken) =>
        GenerateContentAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public virtual Task<GenerateContentResponse> GenerateContentAsync(string model, IEnumerable<Content> contents, CallSettings callSettings = null) =>
        GenerateContentAsync(new GenerateContentRequest { Model = model, Contents = { contents } }, callSettings);

    public virtual Task<GenerateContentResponse> GenerateContentAsync(string model, IEnumerable<Content> contents, CancellationToken cancellationToken) =>
        GenerateContentAsync(model, contents, CallSettings.FromCancellationToken(cancellationToken));

    /// <summary>Begins at once, and goes on until the answer is read to its end or the stream is disposed of.</summary>
    public virtual StreamGenerateContentStream StreamGenerateContent(GenerateContentRequest request, CallSettings callSettings = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StreamGenerateContentStream.Of(service.StreamGenerateContent(request, callSettings));
    }

    /// <inheritdoc cref="StreamGenerateContent(GenerateContentRequest, CallSettings)"/>
    public virtual StreamGenerateContentStream StreamGenerateContent(string model, IEnumerable<Content> contents, CallSettings callSettings = null) =>
        StreamGenerateContent(new GenerateContentRequest { Model = model, Contents = { contents } }, callSettings);

    internal static PredictionServiceClient Over(PredictionService service) => new Client(service);

    /// <summary>A call, and its answer as far as it has come.</summary>
    public abstract class StreamGenerateContentStream : ServerStreamingBase<GenerateContentResponse>
    {
        private StreamGenerateContentStream()
        {
        }

        internal static StreamGenerateContentStream Of(ServerStreamingCall<GenerateContentResponse> call) => new Stream(call);

        private sealed class Stream(ServerStreamingCall<GenerateContentResponse> call) : StreamGenerateContentStream
        {
            public override AsyncResponseStream<GenerateContentResponse> GetResponseStream() => new(call);

            public override void Dispose()
            {
                call.Dispose();
                base.Dispose();
            }
        }
    }

    private sealed class Client(PredictionService service) : PredictionServiceClient(service);
}
