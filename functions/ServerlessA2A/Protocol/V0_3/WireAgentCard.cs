namespace ServerlessA2A.Protocol.V0_3;

/// <summary>
/// A card of 0.3. The members below <see cref="SupportedInterfaces"/> are 1.0's: a card for clients of both versions has them too, since
/// the names are disjoint.
/// </summary>
internal sealed record WireAgentCard
{
    public required string ProtocolVersion { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Url { get; init; }

    public required string PreferredTransport { get; init; }

    public IReadOnlyList<WireAgentInterface>? AdditionalInterfaces { get; init; }

    public AgentProvider? Provider { get; init; }

    public required string Version { get; init; }

    public string? DocumentationUrl { get; init; }

    public string? IconUrl { get; init; }

    public required WireAgentCapabilities Capabilities { get; init; }

    public IReadOnlyDictionary<string, WireSecurityScheme>? SecuritySchemes { get; init; }

    public IReadOnlyList<WireSecurity>? Security { get; init; }

    public required IReadOnlyList<string> DefaultInputModes { get; init; }

    public required IReadOnlyList<string> DefaultOutputModes { get; init; }

    public required IReadOnlyList<WireAgentSkill> Skills { get; init; }

    public bool? SupportsAuthenticatedExtendedCard { get; init; }

    public IReadOnlyList<AgentInterface>? SupportedInterfaces { get; init; }

    public IReadOnlyList<SecurityRequirement>? SecurityRequirements { get; init; }

    public IReadOnlyList<AgentCardSignature>? Signatures { get; init; }
}
