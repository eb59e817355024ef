namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The answer to a message, and an item of a stream, over HTTP+JSON. JSON-RPC has the member's value alone.</summary>
internal sealed record WireResult
{
    public WireTask? Task { get; init; }

    public WireMessage? Msg { get; init; }

    public WireStatusUpdate? StatusUpdate { get; init; }

    public WireArtifactUpdate? ArtifactUpdate { get; init; }
}
