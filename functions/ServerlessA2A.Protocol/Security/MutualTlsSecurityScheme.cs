namespace ServerlessA2A.Protocol.Security;

/// <summary>Authentication by a client certificate.</summary>
/// <remarks>A2A 1.0, section 4.5.6.</remarks>
public sealed record MutualTlsSecurityScheme
{
    /// <summary>The description.</summary>
    public string? Description { get; init; }
}
