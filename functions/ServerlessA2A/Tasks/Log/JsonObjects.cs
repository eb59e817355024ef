using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Tasks.Log;

/// <summary>Merges metadata.</summary>
internal static class JsonObjects
{
    /// <summary>One object with the members of both; where both have one, the newer counts.</summary>
    public static JsonElement? Merge(JsonElement? older, JsonElement? newer)
    {
        if (older is not { ValueKind: JsonValueKind.Object } first || newer is not { ValueKind: JsonValueKind.Object } second)
            return newer ?? older;
        return JsonElement.Parse(ProtocolJson.ObjectBytes(writer =>
        {
            foreach (var member in first.EnumerateObject())
            {
                if (!second.TryGetProperty(member.Name, out _))
                    writer.WriteFree(member);
            }

            foreach (var member in second.EnumerateObject())
                writer.WriteFree(member);
        }).Span);
    }
}
