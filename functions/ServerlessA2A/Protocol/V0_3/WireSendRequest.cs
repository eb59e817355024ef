using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A message to send in 0.3. Some HTTP+JSON clients call it <c>request</c>, after the proto file.</summary>
internal sealed record WireSendRequest
{
    public WireMessage? Message { get; init; }

    public WireMessage? Request { get; init; }

    public WireSendConfiguration? Configuration { get; init; }

    [JsonConverter(typeof(StructConverter))]
    public JsonElement? Metadata { get; init; }
}
