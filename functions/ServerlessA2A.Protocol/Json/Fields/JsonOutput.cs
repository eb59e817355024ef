using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>Writes fields of ProtoJSON. Unset fields are not written.</summary>
internal static class JsonOutput
{
    /// <summary>A string with presence: "" is a value.</summary>
    public static void WriteText(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    /// <summary>A string without presence: "" equals unset.</summary>
    public static void WriteTextUnlessEmpty(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) json.WriteString(name, value);
    }

    /// <summary>A bool with presence.</summary>
    public static void WriteFlag(this Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } flag) json.WriteBoolean(name, flag);
    }

    /// <summary>A bool without presence: false equals unset.</summary>
    public static void WriteFlagIfTrue(this Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value) json.WriteBoolean(name, true);
    }

    /// <summary>An int32 with presence.</summary>
    public static void WriteInteger(this Utf8JsonWriter json, ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    /// <summary>A google.protobuf.Timestamp.</summary>
    public static void WriteTimestamp(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is not { } moment) return;
        Span<byte> text = stackalloc byte[ProtoTimestamp.Length];
        ProtoTimestamp.TryFormat(moment, text, out var length);
        json.WriteString(name, text[..length]);
    }

    /// <summary>Bytes in the standard base64 alphabet, with padding.</summary>
    public static void WriteBytes(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes) json.WriteBase64String(name, bytes.Span);
    }

    /// <summary>Free JSON, unchanged.</summary>
    public static void WriteFree(this Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement? value)
    {
        if (value is not { } free) return;
        json.WritePropertyName(name);
        OpaqueJson.Write(json, free);
    }

    /// <summary>A member of free JSON, with its value unchanged.</summary>
    public static void WriteFree(this Utf8JsonWriter json, JsonProperty member)
    {
        json.WritePropertyName(member.Name);
        OpaqueJson.Write(json, member.Value);
    }

    /// <summary>A message.</summary>
    public static void WriteMessage<T>(this Utf8JsonWriter json, ReadOnlySpan<byte> name, T? value, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (value is null) return;
        json.WritePropertyName(name);
        write(json, value);
    }

    /// <summary>A required list, written even if it is empty.</summary>
    public static void WriteList<T>(
        this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<T>? items, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (items is null) return;
        json.WriteStartArray(name);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is { } item) write(json, item);
            else json.WriteNullValue();
        }

        json.WriteEndArray();
    }

    /// <summary>An optional list, omitted if it is empty.</summary>
    public static void WriteListUnlessEmpty<T>(
        this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<T>? items, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (items is { Count: > 0 }) json.WriteList(name, items, write);
    }

    /// <summary>A required list of strings, written even if it is empty.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string>? items)
    {
        if (items is null) return;
        json.WriteStartArray(name);
        for (var i = 0; i < items.Count; i++) json.WriteStringValue(items[i]);
        json.WriteEndArray();
    }

    /// <summary>An optional list of strings, omitted if it is empty.</summary>
    public static void WriteStringsUnlessEmpty(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string>? items)
    {
        if (items is { Count: > 0 }) json.WriteStrings(name, items);
    }

    /// <summary>A required map, written even if it is empty.</summary>
    public static void WriteMap<T>(
        this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, T>? map, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (map is null) return;
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            json.WritePropertyName(key);
            write(json, value);
        }

        json.WriteEndObject();
    }

    /// <summary>An optional map, omitted if it is empty.</summary>
    public static void WriteMapUnlessEmpty<T>(
        this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, T>? map, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (map is { Count: > 0 }) json.WriteMap(name, map, write);
    }
}
