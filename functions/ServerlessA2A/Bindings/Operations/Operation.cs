namespace ServerlessA2A.Bindings.Operations;

/// <summary>
/// An operation of A2A 1.0, section 3.1, for both bindings and both versions: a binding finds out which one is meant and what
/// surrounds the answer, and the operation does the rest. So no rule can live in one binding only.
/// </summary>
internal abstract class Operation
{
    /// <summary>Whether a request without an extension that the agent requires is refused (section 3.3.4).</summary>
    public virtual bool NeedsRequiredExtensions => true;

    /// <summary>Reads the request, does what it asks for, and answers with the result. An error is thrown, for the binding to answer.</summary>
    public abstract Task RunAsync(Exchange exchange);
}
