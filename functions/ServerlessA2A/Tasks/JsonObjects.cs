using System.Buffers;
using System.Text.Json;

namespace ServerlessA2A.Tasks;

/// <summary>Metadata put together.</summary>
internal static class JsonObjects
{
    /// <summary>One object with the members of both; where both have one, the newer counts.</summary>
    public static JsonElement? Merge(JsonElement? older, JsonElement? newer)
    {
        if (older is not { ValueKind: JsonValueKind.Object } first || newer is not { ValueKind: JsonValueKind.Object } second)
            return newer ?? older;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in first.EnumerateObject())
            {
                if (!second.TryGetProperty(member.Name, out _))
                    member.WriteTo(writer);
            }

            foreach (var member in second.EnumerateObject())
                member.WriteTo(writer);
            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
