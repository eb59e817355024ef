namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The OAuth 2.0 flows of 0.3, as OpenAPI 3.0 has them: there is none for device codes.</summary>
internal sealed record WireOAuthFlows
{
    public WireOAuthFlow? AuthorizationCode { get; init; }

    public WireOAuthFlow? ClientCredentials { get; init; }

    public WireOAuthFlow? Implicit { get; init; }

    public WireOAuthFlow? Password { get; init; }
}
