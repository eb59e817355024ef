using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.Json;

/// <summary>Bytes as base64: written in the standard alphabet with padding; read in both alphabets, padded or not.</summary>
internal sealed class BytesConverter : JsonConverter<ReadOnlyMemory<byte>>
{
    public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw NotBase64();
        if (reader.TryGetBytesFromBase64(out var bytes)) return bytes;
        var length = checked((int)(reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length));
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return DecodeUrlSafe(buffer.AsSpan(0, reader.CopyString(buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value.Span);

    private static byte[] DecodeUrlSafe(Span<byte> text)
    {
        text.Replace((byte)'+', (byte)'-');
        text.Replace((byte)'/', (byte)'_');
        if (!Base64Url.IsValid(text, out var length)) throw NotBase64();
        var bytes = new byte[length];
        return Base64Url.TryDecodeFromUtf8(text, bytes, out _) ? bytes : throw NotBase64();
    }

    private static FieldException NotBase64() => new("must be base64");
}
