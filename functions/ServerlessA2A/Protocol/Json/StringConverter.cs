using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.Json;

/// <summary>A string without presence: "" is the same as unset, as proto3 has it.</summary>
internal sealed class StringConverter : JsonConverter<string>
{
    public static StringConverter Instance { get; } = new();

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? reader.GetString() is { Length: > 0 } text ? text : null
            : throw new FieldException("must be a string");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
