namespace ServerlessA2A.Protocol.V0_3;

/// <summary>What the agent offers in 0.3; <see cref="ExtendedAgentCard"/> is 1.0's.</summary>
internal sealed record WireAgentCapabilities
{
    public bool? Streaming { get; init; }

    public bool? PushNotifications { get; init; }

    public IReadOnlyList<AgentExtension>? Extensions { get; init; }

    public bool? ExtendedAgentCard { get; init; }
}
