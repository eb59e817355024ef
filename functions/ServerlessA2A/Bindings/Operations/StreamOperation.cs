using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>An operation whose result is a stream of events (A2A 1.0, section 3.5.2).</summary>
internal abstract class StreamOperation<TRequest>(EventStreams streams) : RequestOperation<TRequest>
{
    /// <inheritdoc/>
    public sealed override async Task RunAsync(Exchange exchange)
    {
        var lastEventId = LastEventId.Read(exchange.Http.Request);
        var (call, request) = Read(exchange);
        using var timeUp = streams.StartTimeLimit();
        await streams.WriteAsync(exchange, Open(exchange, streams.Limit(call, timeUp), request, lastEventId));
    }

    /// <summary>The items of the stream. An error found before the first one is thrown by it.</summary>
    protected abstract IAsyncEnumerable<StreamItem> Open(Exchange exchange, CallContext call, TRequest request, long? lastEventId);
}
