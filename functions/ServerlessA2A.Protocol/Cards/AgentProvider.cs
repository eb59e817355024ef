namespace ServerlessA2A.Protocol.Cards;

/// <summary>The provider of an agent.</summary>
/// <remarks>A2A 1.0, section 4.4.2.</remarks>
public sealed record AgentProvider
{
    /// <summary>The provider's site.</summary>
    public required string Url { get; init; }

    /// <summary>The provider's name.</summary>
    public required string Organization { get; init; }
}
