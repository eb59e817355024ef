using System.Text.Json;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// Copies content of an agent. The engine keeps it while the agent continues, which may reuse the buffer or the list, or dispose of the
/// JSON document.
/// </summary>
internal static class AgentContent
{
    public static Artifact Copy(Artifact artifact) => artifact with
    {
        Parts = Copy(artifact.Parts),
        Metadata = Copy(artifact.Metadata),
        Extensions = artifact.Extensions is null ? null : [.. artifact.Extensions],
    };

    public static IReadOnlyList<Part> Copy(IReadOnlyList<Part> parts)
    {
        var copies = new Part[parts.Count];
        for (var i = 0; i < copies.Length; i++)
            copies[i] = parts[i].Detach();
        return copies;
    }

    public static JsonElement? Copy(JsonElement? json) => json?.Clone();
}
