using System.Text;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Client.Tests.Streams;

/// <summary>What the events of a stream add up to.</summary>
internal static class Followed
{
    public static string TextOf(IEnumerable<StreamResponse> items, string artifactId)
    {
        var text = new StringBuilder();
        foreach (var item in items)
        {
            foreach (var artifact in item.Task?.Artifacts ?? [])
            {
                if (artifact.ArtifactId == artifactId) text.Clear().Append(Text(artifact));
            }

            if (item.ArtifactUpdate is not { } update || update.Artifact.ArtifactId != artifactId) continue;
            if (!update.Append) text.Clear();
            text.Append(Text(update.Artifact));
        }

        return text.ToString();
    }

    public static TaskState StateOf(StreamResponse item) => (item.StatusUpdate?.Status ?? item.Task!.Status).State;

    public static bool IsTerminal(StreamResponse item) => (item.StatusUpdate?.Status ?? item.Task?.Status)?.State.IsTerminal() == true;

    private static string Text(Artifact artifact) => string.Concat(artifact.Parts.Select(part => part.Text));
}
