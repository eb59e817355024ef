using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A message of 0.3. JSON-RPC calls its content <c>parts</c>, HTTP+JSON <c>content</c>.</summary>
internal sealed record WireMessage
{
    public string? Kind { get; init; }

    public required string MessageId { get; init; }

    public string? ContextId { get; init; }

    public string? TaskId { get; init; }

    [JsonConverter(typeof(NameConverter))]
    public string? Role { get; init; }

    public required IReadOnlyList<WirePart>? Parts { get; init; }

    public required IReadOnlyList<WirePart>? Content { get; init; }

    [JsonConverter(typeof(StructConverter))]
    public JsonElement? Metadata { get; init; }

    public IReadOnlyList<string>? Extensions { get; init; }

    public IReadOnlyList<string>? ReferenceTaskIds { get; init; }
}
