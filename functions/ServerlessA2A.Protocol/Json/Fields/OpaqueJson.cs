using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>Writes foreign JSON unchanged, including its numbers, escapes and duplicate members.</summary>
internal static class OpaqueJson
{
    public static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
            return;
        }

        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.ContainsAny((byte)'\r', (byte)'\n')) WriteWithoutLineBreaks(writer, raw);
        else writer.WriteRawValue(raw, skipInputValidation: true);
    }

    /// <summary>
    /// Removes line breaks, which would end a line of an event stream. JSON has them only between tokens, where they have no meaning.
    /// </summary>
    private static void WriteWithoutLineBreaks(Utf8JsonWriter writer, ReadOnlySpan<byte> raw)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            var length = 0;
            while (!raw.IsEmpty)
            {
                var end = raw.IndexOfAny((byte)'\r', (byte)'\n');
                var line = end < 0 ? raw : raw[..end];
                line.CopyTo(buffer.AsSpan(length));
                length += line.Length;
                raw = end < 0 ? [] : raw[(end + 1)..];
            }

            writer.WriteRawValue(buffer.AsSpan(0, length), skipInputValidation: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
