namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A webhook of 0.3, without its task.</summary>
internal sealed record WirePushConfig
{
    public string? Id { get; init; }

    public required string Url { get; init; }

    public string? Token { get; init; }

    public WireAuthentication? Authentication { get; init; }
}
