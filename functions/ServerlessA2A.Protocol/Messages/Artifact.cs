using System.Text.Json;

namespace ServerlessA2A.Protocol.Messages;

/// <summary>A result of a task.</summary>
/// <remarks>A2A 1.0, section 4.1.7.</remarks>
public sealed record Artifact
{
    /// <summary>The id of the artifact, unique within its task.</summary>
    public required string ArtifactId { get; init; }

    /// <summary>The display name.</summary>
    public string? Name { get; init; }

    /// <summary>The description.</summary>
    public string? Description { get; init; }

    /// <summary>The content: at least one part.</summary>
    public required IReadOnlyList<Part> Parts { get; init; }

    /// <summary>Free metadata: a JSON object, returned unchanged.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The URIs of the extensions that contributed to the artifact.</summary>
    public IReadOnlyList<string>? Extensions { get; init; }
}
