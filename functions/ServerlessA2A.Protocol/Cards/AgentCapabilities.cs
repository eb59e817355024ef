namespace ServerlessA2A.Protocol.Cards;

/// <summary>The optional features of the protocol that the agent supports.</summary>
/// <remarks>A2A 1.0, section 4.4.3.</remarks>
public sealed record AgentCapabilities
{
    /// <summary>Whether the agent supports streaming.</summary>
    public bool? Streaming { get; init; }

    /// <summary>Whether the agent supports webhooks.</summary>
    public bool? PushNotifications { get; init; }

    /// <summary>The protocol extensions that the agent supports.</summary>
    public IReadOnlyList<AgentExtension>? Extensions { get; init; }

    /// <summary>Whether there is an extended card for authenticated callers.</summary>
    public bool? ExtendedAgentCard { get; init; }
}
