using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A task of 0.3.</summary>
internal sealed record WireTask
{
    public string? Kind { get; init; }

    public required string Id { get; init; }

    public string? ContextId { get; init; }

    public required WireTaskStatus Status { get; init; }

    public IReadOnlyList<WireArtifact>? Artifacts { get; init; }

    public IReadOnlyList<WireMessage>? History { get; init; }

    [JsonConverter(typeof(StructConverter))]
    public JsonElement? Metadata { get; init; }
}
