namespace ServerlessA2A.Tasks;

/// <summary>Asks for a run of a task: what stands in the queue's messages.</summary>
/// <param name="TaskId">The task.</param>
public sealed record RunRequest(string TaskId)
{
    /// <summary>
    /// The access token that the agent may use for the caller, encrypted where there is a key for it; null for none. It is nowhere else: a
    /// run that the sweep
    /// asks for has none.
    /// </summary>
    public string? AccessToken { get; init; }

    /// <summary>The trace that the request was published in, as a W3C <c>traceparent</c>; null for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Without the token.</summary>
    public override string ToString() => $"a run of {TaskId}";
}
