using System.Runtime.InteropServices;
using System.Text.Json;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Tasks.Stored;

/// <summary>
/// Stored JSON. The protocol's records in it use the protocol's own JSON; JSON of clients and agents is returned byte for byte.
/// </summary>
internal static class StoredJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 2 * ProtocolJson.MaxDepth };

    /// <summary>The bytes that a document is to hold.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write) => ProtocolJson.Bytes(write);

    /// <summary>Opens bytes of <see cref="Write(Action{Utf8JsonWriter})"/>.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> stored) => JsonDocument.Parse(stored, Options);

    /// <summary>A record of the protocol; null if the member is missing.</summary>
    public static T? Read<T>(ReadOnlyMemory<byte> stored, JsonElement parent, ReadOnlySpan<byte> name)
        where T : class
    {
        if (!parent.TryGetProperty(name, out var member))
            return null;
        // The element refers to the stored bytes: megabytes are not copied.
        var raw = JsonMarshal.GetRawUtf8Value(member);
        return stored.Span.Overlaps(raw, out var offset)
            ? ProtocolJson.Read<T>(stored.Slice(offset, raw.Length))
            : ProtocolJson.Read<T>(raw.ToArray());
    }

    public static void WriteRecord<T>(this Utf8JsonWriter json, ReadOnlySpan<byte> name, T? value)
        where T : class
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        ProtocolJson.Write(json, value);
    }

    /// <summary>Free JSON; null if it is missing.</summary>
    public static JsonElement? ReadFree(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var member) ? member.Clone() : null;

    public static void WriteFree(this Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement? value)
    {
        if (value is not { } free)
            return;
        json.WritePropertyName(name);
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(free), skipInputValidation: true);
    }

    public static IReadOnlyList<string>? ReadStrings(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var member) ? [.. member.EnumerateArray().Select(item => item.GetString()!)] : null;

    public static void WriteStrings(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>Bytes; null if they are missing.</summary>
    public static ReadOnlyMemory<byte>? ReadBytes(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var member) ? (ReadOnlyMemory<byte>?)member.GetBytesFromBase64() : null;

    public static void WriteBytes(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
            json.WriteBase64String(name, bytes.Span);
    }

    /// <summary>A count; 0 if it is missing.</summary>
    public static int ReadCount(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var member) ? member.GetInt32() : 0;

    public static void WriteCount(this Utf8JsonWriter json, ReadOnlySpan<byte> name, int value)
    {
        if (value > 0)
            json.WriteNumber(name, value);
    }

    public static DateTimeOffset? ReadMoment(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var member) ? member.GetDateTimeOffset() : null;

    public static void WriteMoment(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is { } moment)
            json.WriteString(name, moment);
    }

    public static bool ReadFlag(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var member) && member.GetBoolean();

    public static void WriteFlag(this Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
            json.WriteBoolean(name, true);
    }
}
