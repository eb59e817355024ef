namespace ServerlessA2A.Protocol.Cards;

/// <summary>Asks for the card that only authenticated callers see.</summary>
/// <remarks>A2A 1.0, section 3.1.11.</remarks>
internal sealed record GetExtendedAgentCardRequest
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; unset for the default one.</summary>
    public string? Tenant { get; init; }
}
