namespace ServerlessA2A.Webhooks;

/// <summary>How a receiver can tell that a delivery is the agent's.</summary>
public enum WebhookSignature
{
    /// <summary>It can't, but for the token and the credentials that the webhook has.</summary>
    None,

    /// <summary>By a token that the agent has signed, with keys at <c>/.well-known/jwks.json</c>.</summary>
    Jwt,

    /// <summary>By an ID token of Google's for the function's service account.</summary>
    GoogleIdToken,
}
