using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The name of a role or state, or its number: which ones there are differs between the bindings, so the translation reads it.</summary>
internal sealed class NameConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => throw new FieldException("must be a name"),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
