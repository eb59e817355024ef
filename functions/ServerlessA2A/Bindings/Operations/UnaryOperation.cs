using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>An operation with one result.</summary>
internal abstract class UnaryOperation<TRequest, TResult> : RequestOperation<TRequest>
{
    private readonly Action<WireFormat, Utf8JsonWriter, TResult> _write;

    private protected UnaryOperation() => _write = Write;

    /// <inheritdoc/>
    public sealed override async Task RunAsync(Exchange exchange)
    {
        var (call, request) = Read(exchange);
        await exchange.AnswerAsync(await InvokeAsync(exchange, call, request), _write);
    }

    /// <summary>Does what is asked for.</summary>
    protected abstract Task<TResult> InvokeAsync(Exchange exchange, CallContext call, TRequest request);

    /// <summary>Writes the result.</summary>
    protected abstract void Write(WireFormat wire, Utf8JsonWriter writer, TResult result);
}
