namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>What a request of the matrix comes with. The names are those that tokens.mjs gives to its tokens.</summary>
public enum MatrixCredential
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A token of a provider that is not configured.</summary>
    WrongIssuer,

    /// <summary>A token in the name of another provider that is configured too, whose key has the same id.</summary>
    IssuerOfAnotherProvider,

    /// <summary>A token for another agent.</summary>
    WrongAudience,

    /// <summary>A token that was good an hour ago.</summary>
    Expired,

    /// <summary>A token without a signature that says so.</summary>
    AlgNone,

    /// <summary>A token whose shared key is the text of the public key as PEM.</summary>
    Hs256WithPublicPem,

    /// <summary>A token whose shared key is the text of the public key as JWK.</summary>
    Hs256WithPublicJwk,

    /// <summary>A token of a key that its provider does not publish.</summary>
    UnknownKid,

    /// <summary>A good token of somebody else.</summary>
    OtherCaller,

    /// <summary>The right token, in another tenant.</summary>
    OtherTenant,

    /// <summary>The token of whose task it is.</summary>
    RightCaller,
}
