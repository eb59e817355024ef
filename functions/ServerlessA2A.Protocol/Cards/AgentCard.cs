using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Protocol.Cards;

/// <summary>A description of the agent: its identity, its skills and its addresses.</summary>
/// <remarks>A2A 1.0, section 4.4.1.</remarks>
public sealed record AgentCard
{
    /// <summary>The agent's name.</summary>
    public required string Name { get; init; }

    /// <summary>The agent's purpose.</summary>
    public required string Description { get; init; }

    /// <summary>The agent's addresses; the preferred one first.</summary>
    public required IReadOnlyList<AgentInterface> SupportedInterfaces { get; init; }

    /// <summary>The provider of the agent.</summary>
    public AgentProvider? Provider { get; init; }

    /// <summary>The agent's own version.</summary>
    public required string Version { get; init; }

    /// <summary>The address of the agent's documentation.</summary>
    public string? DocumentationUrl { get; init; }

    /// <summary>The optional features of the protocol that the agent supports.</summary>
    public required AgentCapabilities Capabilities { get; init; }

    /// <summary>The authentication schemes, by name.</summary>
    public IReadOnlyDictionary<string, SecurityScheme>? SecuritySchemes { get; init; }

    /// <summary>The required schemes: any one of the list is sufficient.</summary>
    public IReadOnlyList<SecurityRequirement>? SecurityRequirements { get; init; }

    /// <summary>The media types that the agent reads.</summary>
    public required IReadOnlyList<string> DefaultInputModes { get; init; }

    /// <summary>The media types that the agent writes.</summary>
    public required IReadOnlyList<string> DefaultOutputModes { get; init; }

    /// <summary>The agent's skills.</summary>
    public required IReadOnlyList<AgentSkill> Skills { get; init; }

    /// <summary>Signatures over the card.</summary>
    public IReadOnlyList<AgentCardSignature>? Signatures { get; init; }

    /// <summary>The address of the agent's icon.</summary>
    public string? IconUrl { get; init; }
}
