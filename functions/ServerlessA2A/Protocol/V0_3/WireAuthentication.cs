namespace ServerlessA2A.Protocol.V0_3;

/// <summary>How a webhook call of 0.3 is authenticated.</summary>
internal sealed record WireAuthentication
{
    public required IReadOnlyList<string> Schemes { get; init; }

    public string? Credentials { get; init; }
}
