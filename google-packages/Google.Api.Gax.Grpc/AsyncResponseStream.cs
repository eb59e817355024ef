using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>The messages of a server-streaming call. Dispose the call, not this.</summary>
public sealed class AsyncResponseStream<TResponse> : IAsyncEnumerable<TResponse>, IAsyncEnumerator<TResponse>
{
    private readonly IAsyncStreamReader<TResponse> reader;
    private CancellationToken enumeration;
    private bool isEnumerated;

    internal AsyncResponseStream(IAsyncStreamReader<TResponse> reader) => this.reader = reader;

    public TResponse Current => reader.Current;

    public ValueTask<bool> MoveNextAsync() => MoveNextAsync(enumeration);

    /// <param name="cancellationToken">Cancels the call as a whole.</param>
    public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => new(reader.MoveNext(cancellationToken));

    public IAsyncEnumerator<TResponse> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref isEnumerated, true))
            throw new InvalidOperationException($"{nameof(GetAsyncEnumerator)} can only be called once for a gRPC response stream wrapper.");
        enumeration = cancellationToken;
        return this;
    }

    /// <summary>Does nothing, as in Google's package: an enumeration that is left early continues until the call is disposed.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
