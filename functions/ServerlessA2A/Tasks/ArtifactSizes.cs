using System.Runtime.InteropServices;
using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Tasks;

/// <summary>How large a task's artifacts are, in bytes of content, while an agent makes them.</summary>
internal sealed class ArtifactSizes(IReadOnlyList<Artifact>? artifacts)
{
    private readonly Dictionary<string, long> _sizes = (artifacts ?? []).ToDictionary(artifact => artifact.ArtifactId, SizeOf);

    /// <summary>All artifacts together.</summary>
    public long Total { get; private set; } = (artifacts ?? []).Sum(SizeOf);

    /// <summary>Counts a chunk. An artifact that is replaced counts anew.</summary>
    public void Add(AgentUpdate.ArtifactChunk chunk)
    {
        var before = _sizes.GetValueOrDefault(chunk.Content.ArtifactId);
        var after = SizeOf(chunk.Content) + (chunk.Append ? before : 0);
        _sizes[chunk.Content.ArtifactId] = after;
        Total += after - before;
    }

    /// <summary>The size of what an artifact, or a chunk of one, holds.</summary>
    public static long SizeOf(Artifact artifact) => artifact.Parts.Sum(SizeOf);

    /// <summary>The size of what a part holds.</summary>
    public static long SizeOf(Part part) => part switch
    {
        { Text: { } text } => Encoding.UTF8.GetByteCount(text),
        { Raw: { } bytes } => bytes.Length,
        { Url: { } url } => Encoding.UTF8.GetByteCount(url),
        { Data: { } json } => JsonMarshal.GetRawUtf8Value(json).Length,
        _ => 0,
    };
}
