using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>The sizes of a task's artifacts in bytes, while an agent creates them.</summary>
internal sealed class ArtifactSizes(IReadOnlyList<Artifact>? artifacts)
{
    // Boxed: the code of a dictionary of numbers would be compiled at each start.
    private readonly Dictionary<string, StrongBox<long>> _sizes =
        (artifacts ?? []).ToDictionary(artifact => artifact.ArtifactId, artifact => new StrongBox<long>(ContentSize.Of(artifact)));

    /// <summary>All artifacts together.</summary>
    public long Total { get; private set; } = (artifacts ?? []).Sum(ContentSize.Of);

    /// <summary>Counts a chunk. A replaced artifact is counted again.</summary>
    public void Add(ArtifactUpdate chunk)
    {
        if (!_sizes.TryGetValue(chunk.Content.ArtifactId, out var size))
            _sizes[chunk.Content.ArtifactId] = size = new StrongBox<long>();
        var before = size.Value;
        size.Value = ContentSize.Of(chunk.Content) + (chunk.Append ? before : 0);
        Total += size.Value - before;
    }
}
