namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A file of 0.3: <c>bytes</c> or <c>uri</c> in JSON-RPC, <c>fileWithBytes</c> or <c>fileWithUri</c> in HTTP+JSON.</summary>
internal sealed record WireFile
{
    public string? Name { get; init; }

    public string? MimeType { get; init; }

    public ReadOnlyMemory<byte>? Bytes { get; init; }

    public string? Uri { get; init; }

    public ReadOnlyMemory<byte>? FileWithBytes { get; init; }

    public string? FileWithUri { get; init; }
}
