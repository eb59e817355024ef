namespace ServerlessA2A.Protocol.Cards;

/// <summary>A request for the extended card, which only authenticated callers get.</summary>
/// <remarks>A2A 1.0, section 3.1.11.</remarks>
internal sealed record GetExtendedAgentCardRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; null for the default tenant.</summary>
    public string? Tenant { get; init; }
}
