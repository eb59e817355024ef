using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Client.Transports;

/// <summary>
/// One binding of the protocol: makes one call, and opens one stream. Retries, resumption and everything else are above it, the same for
/// all bindings.
/// </summary>
internal interface ITransport
{
    /// <summary>Makes one call.</summary>
    /// <exception cref="A2AClientException">The agent answered with an error, or not at all.</exception>
    Task<TResult> CallAsync<TRequest, TResult>(
        Operation<TRequest, TResult> operation, TRequest request, CancellationToken cancellationToken);

    /// <summary>Opens one stream. It ends where the agent ends it.</summary>
    /// <exception cref="A2AClientException">The agent answered with an error, or the stream broke.</exception>
    IAsyncEnumerable<StreamEvent> StreamAsync<TRequest>(
        Operation<TRequest, StreamResponse> operation, TRequest request, string? lastEventId, CancellationToken cancellationToken);
}
