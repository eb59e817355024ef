using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The parameters of all 0.3 methods that name a task.</summary>
internal sealed record WireTaskParams
{
    public required string Id { get; init; }

    public string? PushNotificationConfigId { get; init; }

    public int? HistoryLength { get; init; }

    [JsonConverter(typeof(StructConverter))]
    public JsonElement? Metadata { get; init; }
}
