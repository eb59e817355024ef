namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A task's webhooks over HTTP+JSON. JSON-RPC has the array alone.</summary>
internal sealed record WirePushConfigList
{
    public required IReadOnlyList<WireTaskPushConfig> Configs { get; init; }

    public string? NextPageToken { get; init; }
}
