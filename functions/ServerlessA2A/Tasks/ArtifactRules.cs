using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Tasks;

/// <summary>What an agent may not say (A2A 1.0, sections 4.1.6, 4.1.7 and 4.2.2). Each rule answers with the reason, or null where it is kept.</summary>
internal sealed class ArtifactRules(IReadOnlyList<Artifact>? artifacts)
{
    /// <summary>The artifacts there are; true for those that are ended.</summary>
    private readonly Dictionary<string, bool> _artifacts = (artifacts ?? []).ToDictionary(artifact => artifact.ArtifactId, _ => false);

    /// <summary>Checks a chunk and remembers its artifact.</summary>
    public string? Check(AgentUpdate.ArtifactChunk chunk)
    {
        if (chunk.Content is not { ArtifactId: { Length: > 0 } id } artifact)
            return "it made an artifact without an id";
        if (chunk.Append && !_artifacts.ContainsKey(id))
            return $"it appended to the artifact '{id}', which it had not begun";
        if (chunk.Append && _artifacts[id])
            return $"it appended to the artifact '{id}' after its last chunk";
        _artifacts[id] = chunk.LastChunk;
        var where = $"the artifact '{id}'";
        return Check(artifact.Parts, where) ?? Check(artifact.Metadata, where);
    }

    /// <summary>Checks parts: there is one at least.</summary>
    public static string? Check(IReadOnlyList<Part>? parts, string where)
    {
        if (parts is not { Count: > 0 })
            return $"{where} has no parts";
        foreach (var part in parts)
        {
            if (part is null)
                return $"{where} has a part that is null";
            if (Nesting.IsTooDeep(part.Data))
                return $"{where} has a part whose JSON {Nesting.TooDeep}";
            if (Check(part.Metadata, $"a part of {where}") is { } broken)
                return broken;
        }

        return null;
    }

    /// <summary>Checks metadata: none, or a JSON object.</summary>
    public static string? Check(JsonElement? metadata, string where) => metadata switch
    {
        null => null,
        { ValueKind: not JsonValueKind.Object } => $"{where} has metadata that is no JSON object",
        _ => Nesting.IsTooDeep(metadata) ? $"{where} has metadata that {Nesting.TooDeep}" : null,
    };
}
