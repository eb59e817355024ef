using Google.Api.Gax.Grpc.Transport;

namespace Google.Api.Gax.Grpc;

/// <summary>The messages that answer a call. They belong to the call, so that it is the call that is to be disposed of.</summary>
public sealed class AsyncResponseStream<TResponse> : IAsyncEnumerable<TResponse>, IAsyncEnumerator<TResponse>
{
    private readonly ServerStreamingCall<TResponse> call;
    private CancellationToken enumeration;
    private bool isEnumerated;

    internal AsyncResponseStream(ServerStreamingCall<TResponse> call) => this.call = call;

    public TResponse Current => call.Current;

    public ValueTask<bool> MoveNextAsync() => MoveNextAsync(enumeration);

    /// <param name="cancellationToken">Cancels the call as a whole.</param>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => await call.MoveNextAsync(cancellationToken);

    public IAsyncEnumerator<TResponse> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref isEnumerated, true))
            throw new InvalidOperationException($"{nameof(GetAsyncEnumerator)} can only be called once for a gRPC response stream wrapper.");
        enumeration = cancellationToken;
        return this;
    }

    /// <summary>Nothing, as in Google's package: an enumeration that is left early goes on until the call is disposed of.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
