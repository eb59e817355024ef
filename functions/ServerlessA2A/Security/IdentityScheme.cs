namespace ServerlessA2A.Security;

/// <summary>A way for callers to say who they are.</summary>
internal enum IdentityScheme
{
    /// <summary>They do not.</summary>
    None,

    /// <summary>An ID token that Cloud Run has checked.</summary>
    Iam,

    /// <summary>A token of an OpenID Connect provider.</summary>
    Oidc,

    /// <summary>An opaque access token of Google's.</summary>
    GoogleAccessToken,

    /// <summary>A key that they were given.</summary>
    ApiKey,

    /// <summary>Whatever the application that serves the agent authenticates them with.</summary>
    Application,
}
