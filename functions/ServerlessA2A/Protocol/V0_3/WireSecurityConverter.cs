using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Writes the requirement in the shape of its binding. Cards are never read here.</summary>
internal sealed class WireSecurityConverter : JsonConverter<WireSecurity>
{
    public override WireSecurity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A server does not read cards of 0.3.");

    public override void Write(Utf8JsonWriter writer, WireSecurity value, JsonSerializerOptions options)
    {
        var proto = value.Binding == Binding.Http;
        writer.WriteStartObject();
        if (proto) writer.WriteStartObject("schemes"u8);
        foreach (var (name, scopes) in value.Schemes ?? new Dictionary<string, StringList>())
        {
            if (proto)
            {
                writer.WriteStartObject(name);
                writer.WritePropertyName("list"u8);
            }
            else
            {
                writer.WritePropertyName(name);
            }

            writer.WriteStartArray();
            foreach (var scope in scopes.List ?? []) writer.WriteStringValue(scope);
            writer.WriteEndArray();
            if (proto) writer.WriteEndObject();
        }

        if (proto) writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
