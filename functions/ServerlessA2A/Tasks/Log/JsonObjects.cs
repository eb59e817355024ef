using System.Buffers;
using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Tasks.Log;

/// <summary>Metadata put together.</summary>
internal static class JsonObjects
{
    /// <summary>One object with the members of both; where both have one, the newer counts.</summary>
    public static JsonElement? Merge(JsonElement? older, JsonElement? newer)
    {
        if (older is not { ValueKind: JsonValueKind.Object } first || newer is not { ValueKind: JsonValueKind.Object } second)
            return newer ?? older;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, ProtocolJson.WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var member in first.EnumerateObject())
            {
                if (!second.TryGetProperty(member.Name, out _))
                    writer.WriteFree(member);
            }

            foreach (var member in second.EnumerateObject())
                writer.WriteFree(member);
            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
