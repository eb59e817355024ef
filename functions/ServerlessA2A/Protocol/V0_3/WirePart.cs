using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A part of 0.3. JSON-RPC has the data itself in <c>data</c>, HTTP+JSON an object with one more <c>data</c>.</summary>
internal sealed record WirePart
{
    public string? Kind { get; init; }

    public string? Text { get; init; }

    public WireFile? File { get; init; }

    [JsonConverter(typeof(ValueConverter))]
    public JsonElement? Data { get; init; }

    [JsonConverter(typeof(StructConverter))]
    public JsonElement? Metadata { get; init; }
}
