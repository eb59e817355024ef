using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.Json;

/// <summary>A google.protobuf.Timestamp; see <see cref="ProtoTimestamp"/>.</summary>
internal sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ProtoTimestamp.TryParse(reader.GetString(), out var moment)
            ? moment
            : throw new FieldException("must be an RFC 3339 timestamp, such as 2026-01-31T12:00:00Z");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[ProtoTimestamp.Length];
        ProtoTimestamp.TryFormat(value, text, out var length);
        writer.WriteStringValue(text[..length]);
    }
}
