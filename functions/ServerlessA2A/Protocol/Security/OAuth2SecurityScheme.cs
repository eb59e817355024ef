namespace ServerlessA2A.Protocol.Security;

/// <summary>Authentication by OAuth 2.0.</summary>
/// <remarks>A2A 1.0, section 4.5.4.</remarks>
internal sealed record OAuth2SecurityScheme
{
    /// <summary>A description for people.</summary>
    public string? Description { get; init; }

    /// <summary>How a token is had.</summary>
    public required OAuthFlows Flows { get; init; }

    /// <summary>Where the authorization server describes itself (RFC 8414).</summary>
    public string? Oauth2MetadataUrl { get; init; }
}
