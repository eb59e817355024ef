using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>An artifact update of 0.3.</summary>
internal sealed record WireArtifactUpdate
{
    public string? Kind { get; init; }

    public required string TaskId { get; init; }

    public required string ContextId { get; init; }

    public required WireArtifact Artifact { get; init; }

    public bool? Append { get; init; }

    public bool? LastChunk { get; init; }

    [JsonConverter(typeof(StructConverter))]
    public JsonElement? Metadata { get; init; }
}
