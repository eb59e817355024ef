using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A status update of 0.3.</summary>
internal sealed record WireStatusUpdate
{
    public string? Kind { get; init; }

    public required string TaskId { get; init; }

    public required string ContextId { get; init; }

    public required WireTaskStatus Status { get; init; }

    /// <summary>The stream ends here. JSON-RPC always says so or not, HTTP+JSON leaves false out.</summary>
    public bool? Final { get; init; }

    [JsonConverter(typeof(StructConverter))]
    public JsonElement? Metadata { get; init; }
}
