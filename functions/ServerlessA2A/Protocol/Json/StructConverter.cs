using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.Json;

/// <summary>A google.protobuf.Struct: any JSON object, returned as it came.</summary>
internal sealed class StructConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.StartObject
            ? JsonElement.ParseValue(ref reader)
            : throw new FieldException("must be a JSON object");

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        OpaqueJson.Write(writer, value);
}
