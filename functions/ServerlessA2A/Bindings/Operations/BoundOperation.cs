using ServerlessA2A.Bindings.Http;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>
/// An operation as one binding offers it: with the reader that makes the operation's request out of what the binding receives.
/// </summary>
internal sealed class BoundOperation<TReceived>
{
    private readonly Func<JsonExchange, TReceived, Task> _run;

    private BoundOperation(string name, bool needsRequiredExtensions, Func<JsonExchange, TReceived, Task> run) =>
        (Name, NeedsRequiredExtensions, _run) = (name, needsRequiredExtensions, run);

    /// <inheritdoc cref="Operation{TRequest}.Name"/>
    public string Name { get; }

    /// <inheritdoc cref="Operation{TRequest}.NeedsRequiredExtensions"/>
    public bool NeedsRequiredExtensions { get; }

    /// <summary>Binds an operation.</summary>
    public static BoundOperation<TReceived> Of<TRequest>(Operation<TRequest> operation, Func<TReceived, TRequest> read) =>
        new(operation.Name, operation.NeedsRequiredExtensions, (exchange, received) =>
        {
            exchange.Record?.Operation = operation.GetType().Name;
            var request = read(received);
            // The operation may wait for minutes, and must not hold the memory of the body meanwhile.
            exchange.ReleaseBody();
            return operation.RunAsync(exchange, request);
        });

    /// <summary>Reads the request and executes it.</summary>
    public Task RunAsync(JsonExchange exchange, TReceived received) => _run(exchange, received);
}
