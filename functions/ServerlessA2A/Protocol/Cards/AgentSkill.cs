using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Protocol.Cards;

/// <summary>Something the agent can do.</summary>
/// <remarks>A2A 1.0, section 4.4.5.</remarks>
internal sealed record AgentSkill
{
    /// <summary>The skill's id.</summary>
    public required string Id { get; init; }

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>What the skill does.</summary>
    public required string Description { get; init; }

    /// <summary>Key words.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Examples of what may be asked.</summary>
    public IReadOnlyList<string>? Examples { get; init; }

    /// <summary>Media types it reads, where they differ from the card's.</summary>
    public IReadOnlyList<string>? InputModes { get; init; }

    /// <summary>Media types it writes, where they differ from the card's.</summary>
    public IReadOnlyList<string>? OutputModes { get; init; }

    /// <summary>What the skill needs beyond the card's requirements.</summary>
    public IReadOnlyList<SecurityRequirement>? SecurityRequirements { get; init; }
}
