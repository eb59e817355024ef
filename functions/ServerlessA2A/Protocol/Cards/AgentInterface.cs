namespace ServerlessA2A.Protocol.Cards;

/// <summary>An address of the agent with the binding and version spoken there.</summary>
/// <remarks>A2A 1.0, section 4.4.6.</remarks>
internal sealed record AgentInterface
{
    /// <summary>The address.</summary>
    public required string Url { get; init; }

    /// <summary>JSONRPC, HTTP+JSON, GRPC or another's name.</summary>
    public required string ProtocolBinding { get; init; }

    /// <summary>The tenant to name in requests to this address.</summary>
    public string? Tenant { get; init; }

    /// <summary>Major.Minor of the protocol, such as 1.0.</summary>
    public required string ProtocolVersion { get; init; }
}
