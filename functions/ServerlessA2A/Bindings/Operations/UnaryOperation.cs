using System.Text.Json;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>An operation with one result.</summary>
internal abstract class UnaryOperation<TRequest, TResult> : Operation<TRequest>
{
    private readonly Action<WireFormat, Utf8JsonWriter, TResult> _write;

    private protected UnaryOperation() => _write = Write;

    /// <inheritdoc/>
    public sealed override async Task RunAsync(JsonExchange exchange, TRequest request) =>
        await exchange.AnswerAsync(await InvokeAsync(exchange, request), _write);

    /// <summary>Executes a request, whose result the binding writes.</summary>
    public Task<TResult> InvokeAsync(Exchange exchange, TRequest request) =>
        InvokeAsync(exchange, exchange.CallOf(TenantOf(request)), request);

    /// <summary>Executes the request.</summary>
    protected abstract Task<TResult> InvokeAsync(Exchange exchange, CallContext call, TRequest request);

    /// <summary>Writes the result as JSON.</summary>
    protected abstract void Write(WireFormat wire, Utf8JsonWriter writer, TResult result);
}
