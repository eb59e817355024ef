using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>An artifact of 0.3.</summary>
internal sealed record WireArtifact
{
    public required string ArtifactId { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public required IReadOnlyList<WirePart> Parts { get; init; }

    [JsonConverter(typeof(StructConverter))]
    public JsonElement? Metadata { get; init; }

    public IReadOnlyList<string>? Extensions { get; init; }
}
