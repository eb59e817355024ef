namespace ServerlessA2A.Protocol.Security;

/// <summary>Authentication by OAuth 2.0.</summary>
/// <remarks>A2A 1.0, section 4.5.4.</remarks>
public sealed record OAuth2SecurityScheme
{
    /// <summary>The description.</summary>
    public string? Description { get; init; }

    /// <summary>The flow that issues tokens.</summary>
    public required OAuthFlows Flows { get; init; }

    /// <summary>The address of the authorization server's metadata (RFC 8414).</summary>
    public string? Oauth2MetadataUrl { get; init; }
}
