using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Protocol.Cards;

/// <summary>What the agent is, what it can do and how it is reached.</summary>
/// <remarks>A2A 1.0, section 4.4.1.</remarks>
internal sealed record AgentCard
{
    /// <summary>The agent's name.</summary>
    public required string Name { get; init; }

    /// <summary>What the agent is for.</summary>
    public required string Description { get; init; }

    /// <summary>Where and how it is reached; the preferred one first.</summary>
    public required IReadOnlyList<AgentInterface> SupportedInterfaces { get; init; }

    /// <summary>Who offers it.</summary>
    public AgentProvider? Provider { get; init; }

    /// <summary>The agent's own version.</summary>
    public required string Version { get; init; }

    /// <summary>Where its documentation is.</summary>
    public string? DocumentationUrl { get; init; }

    /// <summary>Which optional parts of the protocol it offers.</summary>
    public required AgentCapabilities Capabilities { get; init; }

    /// <summary>How callers may authenticate, by name.</summary>
    public IReadOnlyDictionary<string, SecurityScheme>? SecuritySchemes { get; init; }

    /// <summary>Which of the schemes are needed: any one of the list.</summary>
    public IReadOnlyList<SecurityRequirement>? SecurityRequirements { get; init; }

    /// <summary>The media types it reads.</summary>
    public required IReadOnlyList<string> DefaultInputModes { get; init; }

    /// <summary>The media types it writes.</summary>
    public required IReadOnlyList<string> DefaultOutputModes { get; init; }

    /// <summary>What it can do.</summary>
    public required IReadOnlyList<AgentSkill> Skills { get; init; }

    /// <summary>Signatures over the card.</summary>
    public IReadOnlyList<AgentCardSignature>? Signatures { get; init; }

    /// <summary>Where its icon is.</summary>
    public string? IconUrl { get; init; }
}
