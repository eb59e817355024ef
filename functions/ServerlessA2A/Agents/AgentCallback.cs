namespace ServerlessA2A.Agents;

/// <summary>
/// An address to which a browser returns from an authorization (<see cref="AgentContext.CreateCallback"/>). It is used once: the first
/// call continues the task.
/// </summary>
public sealed record AgentCallback
{
    /// <summary>The callback's id, which <see cref="CallbackResult.Id"/> repeats.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The address without the state, the same for every task: the <c>redirect_uri</c> of an OAuth request, which providers compare
    /// exactly (RFC 9700, section 2.1). Send <see cref="State"/> with it.
    /// </summary>
    public required Uri RedirectUri { get; init; }

    /// <summary>
    /// The signed <c>state</c> of an OAuth request. It names the task, so that whoever has it can continue the task once: send it to the
    /// task's client only, and never log it.
    /// </summary>
    public required string State { get; init; }

    /// <summary>The whole address with the state, for services that return to any address: <c>/callback/{taskId}?state=…</c>.</summary>
    public required Uri Uri { get; init; }

    /// <summary>When the callback expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// The <c>code_challenge</c> of an OAuth request, with the method S256 (RFC 7636). <see cref="CallbackResult.CodeVerifier"/> is its
    /// counterpart. Without PKCE, anyone who reads the task's history could redeem the code.
    /// </summary>
    public required string CodeChallenge { get; init; }

    /// <summary>Only the id: the state must not be logged.</summary>
    public override string ToString() => Id;
}
