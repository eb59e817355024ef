namespace ServerlessA2A.Protocol.Security;

/// <summary>Authentication by an API key.</summary>
/// <remarks>A2A 1.0, section 4.5.2.</remarks>
public sealed record ApiKeySecurityScheme
{
    /// <summary>The description.</summary>
    public string? Description { get; init; }

    /// <summary>The location of the key: query, header or cookie.</summary>
    public required string Location { get; init; }

    /// <summary>The name of the header, parameter or cookie.</summary>
    public required string Name { get; init; }
}
