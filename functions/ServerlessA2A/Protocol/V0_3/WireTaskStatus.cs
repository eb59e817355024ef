using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A status of 0.3. JSON-RPC calls its message <c>message</c>, HTTP+JSON <c>update</c>.</summary>
internal sealed record WireTaskStatus
{
    [JsonConverter(typeof(NameConverter))]
    public string? State { get; init; }

    public WireMessage? Message { get; init; }

    public WireMessage? Update { get; init; }

    public DateTimeOffset? Timestamp { get; init; }
}
