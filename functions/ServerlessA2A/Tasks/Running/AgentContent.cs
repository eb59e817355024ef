using System.Text.Json;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// Copies of what an agent says. It is kept after the agent has gone on, and the agent may go on to use the same buffer, the same list or
/// a JSON document that it has disposed of.
/// </summary>
internal static class AgentContent
{
    public static Artifact Copy(Artifact artifact) => artifact with
    {
        Parts = Copy(artifact.Parts),
        Metadata = Copy(artifact.Metadata),
        Extensions = artifact.Extensions is null ? null : [.. artifact.Extensions],
    };

    public static IReadOnlyList<Part> Copy(IReadOnlyList<Part> parts) => [.. parts.Select(part => part.Detach())];

    public static JsonElement? Copy(JsonElement? json) => json?.Clone();
}
