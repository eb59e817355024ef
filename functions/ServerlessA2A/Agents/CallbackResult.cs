namespace ServerlessA2A.Agents;

/// <summary>What a browser brought to the callback of a task (<see cref="AgentContext.Callback"/>).</summary>
public sealed record CallbackResult
{
    /// <summary>The id of the callback (<see cref="AgentCallback.Id"/>).</summary>
    public required string Id { get; init; }

    /// <summary>The subject that <see cref="AgentContext.CreateCallback"/> was given; empty for none.</summary>
    public string Subject { get; init; } = "";

    /// <summary>
    /// The parameters of the query or the form, without <c>state</c>: <c>code</c>, or <c>error</c> and <c>error_description</c>, of an
    /// OAuth answer. They come from the browser: check them.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>The <c>redirect_uri</c> of the OAuth token request: that of the callback.</summary>
    public required Uri RedirectUri { get; init; }

    /// <summary>
    /// The <c>code_verifier</c> of the OAuth token request, the counterpart of <see cref="AgentCallback.CodeChallenge"/>. It is secret:
    /// send it to the token endpoint only.
    /// </summary>
    public required string CodeVerifier { get; init; }

    /// <summary>A parameter; null if there is none of this name.</summary>
    public string? this[string name] => Values.GetValueOrDefault(name);

    /// <summary>Only the id: the values and the verifier must not be logged.</summary>
    public override string ToString() => Id;
}
