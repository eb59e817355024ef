namespace ServerlessA2A.Security;

/// <summary>A way to authenticate callers.</summary>
internal enum IdentityScheme
{
    /// <summary>Callers are anonymous.</summary>
    None,

    /// <summary>An ID token that Cloud Run has checked.</summary>
    Iam,

    /// <summary>A token of an OpenID Connect provider.</summary>
    Oidc,

    /// <summary>An opaque access token of Google.</summary>
    GoogleAccessToken,

    /// <summary>An API key.</summary>
    ApiKey,

    /// <summary>The authentication of the application that serves the agent.</summary>
    Application,
}
