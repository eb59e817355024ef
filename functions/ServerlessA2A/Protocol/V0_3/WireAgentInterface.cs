namespace ServerlessA2A.Protocol.V0_3;

/// <summary>An address of the agent in 0.3.</summary>
internal sealed record WireAgentInterface
{
    public required string Url { get; init; }

    public required string Transport { get; init; }
}
