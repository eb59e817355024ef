using ServerlessA2A.Bindings.Http;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>
/// An operation of A2A 1.0, section 3.1: one implementation for every binding and version, so that no rule can live in one binding only.
/// The
/// bindings read its requests (<see cref="BoundOperation{TReceived}"/>).
/// </summary>
internal abstract class Operation<TRequest>
{
    /// <summary>The operation's name in the specification, which its class has.</summary>
    public string Name => GetType().Name;

    /// <summary>Whether a request without an extension that the agent requires is rejected (section 3.3.4).</summary>
    public virtual bool NeedsRequiredExtensions => true;

    /// <summary>Executes a request and answers with the result in JSON. Throws errors, which the binding answers.</summary>
    public abstract Task RunAsync(JsonExchange exchange, TRequest request);

    /// <summary>The tenant that the request names.</summary>
    protected abstract string? TenantOf(TRequest request);
}
