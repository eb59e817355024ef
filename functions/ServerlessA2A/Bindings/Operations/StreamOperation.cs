using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>An operation whose result is a stream of events (A2A 1.0, section 3.5.2).</summary>
internal abstract class StreamOperation<TRequest>(EventStreams streams) : Operation<TRequest>
{
    /// <inheritdoc/>
    public sealed override Task RunAsync(JsonExchange exchange, TRequest request) =>
        streams.WriteAsync(exchange, OpenAsync(exchange, request));

    /// <summary>Executes a request: the items of its stream, for as long as a request may wait. Throws errors at the first one.</summary>
    public async IAsyncEnumerable<StreamItem> OpenAsync(Exchange exchange, TRequest request)
    {
        var lastEventId = LastEventId.Read(exchange.Http.Request);
        var call = exchange.CallOf(TenantOf(request));
        using var place = streams.Open(exchange);
        using var timeUp = streams.Time.Start();
        await foreach (var item in Open(exchange, streams.Time.Limit(call, timeUp), request, lastEventId))
            yield return item;
    }

    /// <summary>The items of the stream. Enumerating the first one throws an error that is found before it.</summary>
    protected abstract IAsyncEnumerable<StreamItem> Open(Exchange exchange, CallContext call, TRequest request, long? lastEventId);
}
