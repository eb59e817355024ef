using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.Json;

/// <summary>A google.protobuf.Value: any JSON value, returned as it came.</summary>
internal sealed class ValueConverter : JsonConverter<JsonElement?>
{
    /// <summary>Here null is a value that was set.</summary>
    public override bool HandleNull => true;

    public override JsonElement? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement? value, JsonSerializerOptions options) =>
        OpaqueJson.Write(writer, value.GetValueOrDefault());
}
