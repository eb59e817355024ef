using System.Text;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Signatures;

/// <summary>JSON in its canonical form, over which signatures are made (JSON Canonicalization Scheme, RFC 8785).</summary>
internal static class CanonicalJson
{
    /// <summary>Only I-JSON (RFC 7493) has a canonical form. Duplicate names are rejected here, the rest when it is written.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads JSON that has a canonical form.</summary>
    /// <exception cref="JsonException">The text is not JSON, or an object has duplicate names.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, Strict);
        }
        catch (InvalidOperationException broken)
        {
            throw NoText(broken);
        }
    }

    /// <summary>The canonical form, in UTF-8.</summary>
    /// <exception cref="JsonException">There is no canonical form: a number exceeds a double, or a text is not valid Unicode.</exception>
    public static byte[] Write(JsonElement value) => Write(text => Append(text, value, Everything));

    /// <summary>The canonical form of an object with these members.</summary>
    /// <param name="members">The members, in any order.</param>
    /// <param name="stays">Whether a value is written, at any depth. Default: all are.</param>
    /// <inheritdoc cref="Write(JsonElement)" path="/exception"/>
    public static byte[] Write(IEnumerable<JsonProperty> members, Func<JsonElement, bool>? stays = null) =>
        Write(text => AppendObject(text, members, stays ?? Everything));

    private static bool Everything(JsonElement value) => true;

    private static byte[] Write(Action<StringBuilder> append)
    {
        try
        {
            var text = new StringBuilder();
            append(text);
            return Utf8.GetBytes(text.ToString());
        }
        catch (Exception broken) when (broken is InvalidOperationException or EncoderFallbackException)
        {
            throw NoText(broken);
        }
    }

    private static JsonException NoText(Exception cause) =>
        new("A text is not valid Unicode: half of a surrogate pair, or invalid UTF-8.", cause);

    private static void Append(StringBuilder text, JsonElement value, Func<JsonElement, bool> stays)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AppendObject(text, value.EnumerateObject(), stays);
                break;
            case JsonValueKind.Array:
                AppendArray(text, value, stays);
                break;
            case JsonValueKind.String:
                AppendText(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(CanonicalNumber.Format(value.GetDouble()));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    /// <summary>Section 3.2.3: orders by the names' UTF-16 code units, as an ordinal comparison does.</summary>
    private static void AppendObject(StringBuilder text, IEnumerable<JsonProperty> members, Func<JsonElement, bool> stays)
    {
        text.Append('{');
        var separator = "";
        foreach (var member in members.Where(member => stays(member.Value)).OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            AppendText(text.Append(separator), member.Name);
            Append(text.Append(':'), member.Value, stays);
            separator = ",";
        }

        text.Append('}');
    }

    private static void AppendArray(StringBuilder text, JsonElement value, Func<JsonElement, bool> stays)
    {
        text.Append('[');
        var separator = "";
        foreach (var item in value.EnumerateArray().Where(stays))
        {
            Append(text.Append(separator), item, stays);
            separator = ",";
        }

        text.Append(']');
    }

    /// <summary>Section 3.2.2.2: escapes only the characters that must be escaped, in one way.</summary>
    private static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u00").Append(((int)character).ToString("x2", null)),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
