namespace ServerlessA2A.Protocol.Cards;

/// <summary>Which optional parts of the protocol the agent offers.</summary>
/// <remarks>A2A 1.0, section 4.4.3.</remarks>
internal sealed record AgentCapabilities
{
    /// <summary>Streams are offered.</summary>
    public bool? Streaming { get; init; }

    /// <summary>Webhooks are offered.</summary>
    public bool? PushNotifications { get; init; }

    /// <summary>Extensions of the protocol that it speaks.</summary>
    public IReadOnlyList<AgentExtension>? Extensions { get; init; }

    /// <summary>There is a further card for authenticated callers.</summary>
    public bool? ExtendedAgentCard { get; init; }
}
