namespace ServerlessA2A.Protocol.Security;

/// <summary>Schemes that are required together, each with its scopes.</summary>
/// <remarks>A2A 1.0, section 4.5.1.</remarks>
public sealed record SecurityRequirement
{
    /// <summary>The required scopes, by scheme name.</summary>
    public IReadOnlyDictionary<string, StringList>? Schemes { get; init; }
}
