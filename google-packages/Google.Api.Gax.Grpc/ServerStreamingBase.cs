using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>A call that returns a stream of messages. It starts when it is made; disposing it cancels it.</summary>
public class ServerStreamingBase<TResponse> : IDisposable
{
    public virtual AsyncServerStreamingCall<TResponse> GrpcCall => throw new NotImplementedException();

    /// <summary>The messages, which can be enumerated once.</summary>
    public virtual AsyncResponseStream<TResponse> GetResponseStream() => new(GrpcCall.ResponseStream);

    public virtual void Dispose()
    {
        GrpcCall.Dispose();
        GC.SuppressFinalize(this);
    }
}
