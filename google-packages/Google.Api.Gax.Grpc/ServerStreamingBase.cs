namespace Google.Api.Gax.Grpc;

/// <summary>A call that is answered by a stream of messages. It was started when it was made; disposing of it ends it.</summary>
public class ServerStreamingBase<TResponse> : IDisposable
{
    /// <summary>The messages, which can be gone through once.</summary>
    public virtual AsyncResponseStream<TResponse> GetResponseStream() => throw new NotImplementedException();

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
