using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>
/// 1.0 sends any JSON value as data, 0.3 only objects. Other values travel as <c>{"value": …}</c> with a mark in the part's metadata: the
/// convention of the A2A SDKs, whose 1.0 clients restore the value.
/// </summary>
internal static class DataParts
{
    private const string Mark = "data_part_compat";
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = ProtocolJson.MaxDepth + 2 };

    public static (JsonElement Data, JsonElement? Metadata) Wrap(JsonElement value, JsonElement? metadata)
    {
        if (value.ValueKind == JsonValueKind.Object) return (value, metadata);
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("{\"value\":"u8);
        buffer.Write(JsonMarshal.GetRawUtf8Value(value));
        buffer.Write("}"u8);
        var data = Parse(buffer);

        buffer.Clear();
        if (metadata is { } others && others.EnumerateObject().MoveNext())
        {
            // Copied up to the closing brace, so that the other members stay unchanged byte for byte.
            var raw = JsonMarshal.GetRawUtf8Value(others);
            buffer.Write(raw[..^1]);
            buffer.Write(","u8);
        }
        else
        {
            buffer.Write("{"u8);
        }

        buffer.Write("\"data_part_compat\":true}"u8);
        return (data, Parse(buffer));
    }

    public static (JsonElement? Data, JsonElement? Metadata) Unwrap(JsonElement? sent, JsonElement? sentMetadata, bool isProto)
    {
        if (sent is not { } data) return (null, sentMetadata);
        if (isProto) data = FromProto(data);
        if (data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("value", out var value)
            || sentMetadata is not { } metadata || !metadata.TryGetProperty(Mark, out var mark) || mark.ValueKind != JsonValueKind.True)
        {
            return (data, sentMetadata);
        }

        return (value, WithoutMark(metadata));
    }

    /// <summary>The data in the form of HTTP+JSON.</summary>
    public static JsonElement ToProto(JsonElement data)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("{\"data\":"u8);
        buffer.Write(JsonMarshal.GetRawUtf8Value(data));
        buffer.Write("}"u8);
        return Parse(buffer);
    }

    /// <summary>The data inside of HTTP+JSON's <c>{"data": {…}}</c>.</summary>
    private static JsonElement FromProto(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty("data", out var inner) ? inner : data;

    private static JsonElement? WithoutMark(JsonElement metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var member in metadata.EnumerateObject())
        {
            if (member.NameEquals(Mark)) continue;
            buffer.Write(buffer.WrittenCount == 0 ? "{\""u8 : ",\""u8);
            buffer.Write(JsonMarshal.GetRawUtf8PropertyName(member));
            buffer.Write("\":"u8);
            buffer.Write(JsonMarshal.GetRawUtf8Value(member.Value));
        }

        if (buffer.WrittenCount == 0) return null;
        buffer.Write("}"u8);
        return Parse(buffer);
    }

    private static JsonElement Parse(ArrayBufferWriter<byte> json) => JsonElement.Parse(json.WrittenSpan, Deep);
}
