namespace ServerlessA2A.Protocol;

/// <summary>The supported versions of A2A.</summary>
public enum ProtocolVersion
{
    /// <summary>A2A 0.3, translated at the edge.</summary>
    V0_3,

    /// <summary>A2A 1.0.</summary>
    V1_0,
}
