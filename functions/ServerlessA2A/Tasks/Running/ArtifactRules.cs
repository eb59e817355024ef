using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// The rules for content of an agent (A2A 1.0, sections 4.1.6, 4.1.7 and 4.2.2). Each check returns the fault, or null for none.
/// </summary>
internal sealed class ArtifactRules(IReadOnlyList<Artifact>? artifacts)
{
    private readonly HashSet<string> _begun = [.. (artifacts ?? []).Select(artifact => artifact.ArtifactId)];

    /// <summary>The artifacts whose last chunk has come.</summary>
    private readonly HashSet<string> _ended = [];

    /// <summary>Checks a chunk and remembers its artifact. An append to a missing artifact creates it.</summary>
    /// <exception cref="IllegalUpdateException">A rule is broken.</exception>
    public ArtifactUpdate Accept(ArtifactUpdate chunk)
    {
        UpdateEvents.Require(chunk.Content is { ArtifactId: { Length: > 0 } } ? null : "it made an artifact without an id");
        var (id, where) = (chunk.Content.ArtifactId, $"the artifact '{chunk.Content.ArtifactId}'");
        var isBegun = _begun.Contains(id);
        UpdateEvents.Require(chunk.Append && _ended.Contains(id) ? $"it appended to {where} after its last chunk" : null);
        UpdateEvents.Require(Check(chunk.Content.Parts, where) ?? Check(chunk.Content.Metadata, where));
        _begun.Add(id);
        if (chunk.LastChunk)
            _ended.Add(id);
        else
            _ended.Remove(id);
        return chunk.Append && !isBegun ? chunk with { Append = false } : chunk;
    }

    /// <summary>Checks parts: at least one.</summary>
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
