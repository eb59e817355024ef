using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>Reads base64 in both alphabets, with or without padding.</summary>
internal static class Base64Token
{
    public static ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) throw NotBase64();
        if (reader.TryGetBytesFromBase64(out var bytes)) return bytes;
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return DecodeUrlSafe(buffer.AsSpan(0, reader.CopyString(buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

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
