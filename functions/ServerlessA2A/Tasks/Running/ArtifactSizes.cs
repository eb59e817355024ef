using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>The sizes of a task's artifacts in bytes, while an agent creates them.</summary>
internal sealed class ArtifactSizes(IReadOnlyList<Artifact>? artifacts)
{
    private readonly Dictionary<string, long> _sizes = (artifacts ?? []).ToDictionary(artifact => artifact.ArtifactId, ContentSize.Of);

    /// <summary>All artifacts together.</summary>
    public long Total { get; private set; } = (artifacts ?? []).Sum(ContentSize.Of);

    /// <summary>Counts a chunk. A replaced artifact is counted again.</summary>
    public void Add(ArtifactUpdate chunk)
    {
        var before = _sizes.GetValueOrDefault(chunk.Content.ArtifactId);
        var after = ContentSize.Of(chunk.Content) + (chunk.Append ? before : 0);
        _sizes[chunk.Content.ArtifactId] = after;
        Total += after - before;
    }
}
