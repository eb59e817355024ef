namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A skill of 0.3; <see cref="SecurityRequirements"/> is 1.0's.</summary>
internal sealed record WireAgentSkill
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public IReadOnlyList<string>? Examples { get; init; }

    public IReadOnlyList<string>? InputModes { get; init; }

    public IReadOnlyList<string>? OutputModes { get; init; }

    public IReadOnlyList<WireSecurity>? Security { get; init; }

    public IReadOnlyList<SecurityRequirement>? SecurityRequirements { get; init; }
}
