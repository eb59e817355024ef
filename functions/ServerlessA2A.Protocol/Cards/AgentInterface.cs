namespace ServerlessA2A.Protocol.Cards;

/// <summary>An address of the agent with its binding and protocol version.</summary>
/// <remarks>A2A 1.0, section 4.4.6.</remarks>
public sealed record AgentInterface
{
    /// <summary>The address.</summary>
    public required string Url { get; init; }

    /// <summary>The binding: JSONRPC, HTTP+JSON, GRPC or another name.</summary>
    public required string ProtocolBinding { get; init; }

    /// <summary>The tenant for requests to this address.</summary>
    public string? Tenant { get; init; }

    /// <summary>The protocol version as Major.Minor, such as 1.0.</summary>
    public required string ProtocolVersion { get; init; }
}
