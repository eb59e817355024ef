using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Protocol.Cards;

/// <summary>A skill of the agent.</summary>
/// <remarks>A2A 1.0, section 4.4.5.</remarks>
public sealed record AgentSkill
{
    /// <summary>The skill's id.</summary>
    public required string Id { get; init; }

    /// <summary>The display name.</summary>
    public required string Name { get; init; }

    /// <summary>What the skill does.</summary>
    public required string Description { get; init; }

    /// <summary>Keywords.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Example requests.</summary>
    public IReadOnlyList<string>? Examples { get; init; }

    /// <summary>The media types that the skill reads, if they differ from the card's.</summary>
    public IReadOnlyList<string>? InputModes { get; init; }

    /// <summary>The media types that the skill writes, if they differ from the card's.</summary>
    public IReadOnlyList<string>? OutputModes { get; init; }

    /// <summary>The security requirements of the skill beyond the card's.</summary>
    public IReadOnlyList<SecurityRequirement>? SecurityRequirements { get; init; }
}
