using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>An operation whose result is a stream of events (A2A 1.0, section 3.5.2).</summary>
internal abstract class StreamOperation<TRequest>(EventStreams streams) : Operation<TRequest>
{
    /// <inheritdoc/>
    public sealed override async Task RunAsync(Exchange exchange, TRequest request)
    {
        var lastEventId = LastEventId.Read(exchange.Http.Request);
        var call = exchange.CallOf(TenantOf(request));
        using var timeUp = streams.Time.Start();
        await streams.WriteAsync(exchange, Open(exchange, streams.Time.Limit(call, timeUp), request, lastEventId));
    }

    /// <summary>The items of the stream. Enumerating the first one throws an error that is found before it.</summary>
    protected abstract IAsyncEnumerable<StreamItem> Open(Exchange exchange, CallContext call, TRequest request, long? lastEventId);
}
