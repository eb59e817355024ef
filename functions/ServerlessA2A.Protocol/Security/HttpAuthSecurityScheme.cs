namespace ServerlessA2A.Protocol.Security;

/// <summary>Authentication by the Authorization header.</summary>
/// <remarks>A2A 1.0, section 4.5.3.</remarks>
public sealed record HttpAuthSecurityScheme
{
    /// <summary>The description.</summary>
    public string? Description { get; init; }

    /// <summary>The scheme, such as Bearer.</summary>
    public required string Scheme { get; init; }

    /// <summary>The format of a bearer token, such as JWT.</summary>
    public string? BearerFormat { get; init; }
}
