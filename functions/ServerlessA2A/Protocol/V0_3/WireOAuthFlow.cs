namespace ServerlessA2A.Protocol.V0_3;

/// <summary>An OAuth 2.0 flow of 0.3: which addresses are set depends on the flow.</summary>
internal sealed record WireOAuthFlow
{
    public string? AuthorizationUrl { get; init; }

    public string? TokenUrl { get; init; }

    public string? RefreshUrl { get; init; }

    public required IReadOnlyDictionary<string, string> Scopes { get; init; }
}
