using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Tests.Support;

/// <summary>A task's artifacts as a client puts them together that reads nothing but a stream: text by the artifacts' ids.</summary>
public sealed class StreamedArtifacts
{
    private readonly Dictionary<string, string> _texts = [];

    public IReadOnlyDictionary<string, string> Texts => _texts;

    internal void Add(StreamItem item)
    {
        if (item.Response.Task is { } task)
        {
            _texts.Clear();
            foreach (var artifact in task.Artifacts ?? [])
                _texts[artifact.ArtifactId] = TextOf(artifact);
        }

        if (item.Response.ArtifactUpdate is { } update)
            _texts[update.Artifact.ArtifactId] = (update.Append == true ? _texts.GetValueOrDefault(update.Artifact.ArtifactId) : "") +
                TextOf(update.Artifact);
    }

    public static string TextOf(Artifact artifact) => string.Concat(artifact.Parts.Select(part => part.Text));
}
