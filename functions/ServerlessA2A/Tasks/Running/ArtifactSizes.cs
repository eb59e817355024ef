using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>How large a task's artifacts are, in bytes, while an agent makes them.</summary>
internal sealed class ArtifactSizes(IReadOnlyList<Artifact>? artifacts)
{
    private readonly Dictionary<string, long> _sizes = (artifacts ?? []).ToDictionary(artifact => artifact.ArtifactId, ContentSize.Of);

    /// <summary>All artifacts together.</summary>
    public long Total { get; private set; } = (artifacts ?? []).Sum(ContentSize.Of);

    /// <summary>Counts a chunk. An artifact that is replaced counts anew.</summary>
    public void Add(ArtifactUpdate chunk)
    {
        var before = _sizes.GetValueOrDefault(chunk.Content.ArtifactId);
        var after = ContentSize.Of(chunk.Content) + (chunk.Append ? before : 0);
        _sizes[chunk.Content.ArtifactId] = after;
        Total += after - before;
    }
}
