using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>An operation with its request.</summary>
internal abstract class RequestOperation<TRequest> : Operation
{
    /// <summary>Reads JSON-RPC's params.</summary>
    protected abstract TRequest ReadParams(WireFormat wire, ReadOnlyMemory<byte> json);

    /// <summary>Reads HTTP+JSON's path, query and body.</summary>
    protected abstract TRequest ReadHttp(Exchange exchange);

    /// <summary>The tenant that the request names.</summary>
    protected abstract string? TenantOf(TRequest request);

    /// <summary>Reads the request, and gives the memory of its body back.</summary>
    protected (CallContext Call, TRequest Request) Read(Exchange exchange)
    {
        var request = exchange.Route is null ? ReadParams(exchange.Wire, exchange.Json) : ReadHttp(exchange);
        exchange.ReleaseBody();
        return (exchange.CallOf(TenantOf(request)), request);
    }
}
