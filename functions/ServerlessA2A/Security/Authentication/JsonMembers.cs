using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Security.Authentication;

/// <summary>The members of a JSON object that somebody else has written: what is missing or of another kind is null, never an exception.</summary>
internal sealed class JsonMembers
{
    /// <summary>A member that comes twice may be one thing to us and another to the next reader: such an object is none.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly double LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly JsonElement _json;

    private JsonMembers(JsonElement json) => _json = json;

    /// <summary>Reads an object; null where it is none.</summary>
    public static JsonMembers? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonElement.Parse(json, Strict) is { ValueKind: JsonValueKind.Object } members ? new JsonMembers(members) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A name that is no Unicode.
            return null;
        }
    }

    /// <summary>The object.</summary>
    public JsonElement Json => _json;

    /// <summary>How long the object is, as it was written: in bytes of UTF-8.</summary>
    public int Size => JsonMarshal.GetRawUtf8Value(_json).Length;

    /// <summary>The object with those of these members that it has, as they were written.</summary>
    public JsonMembers Only(IEnumerable<string> names)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, ProtocolJson.WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var name in names)
                writer.WriteFree(Encoding.UTF8.GetBytes(name), Of(name));
            writer.WriteEndObject();
        }

        return new JsonMembers(JsonElement.Parse(buffer.WrittenSpan));
    }

    /// <summary>Whether there is such a member, whatever it is.</summary>
    public bool Has(string name) => _json.TryGetProperty(name, out _);

    /// <summary>A text that is not empty.</summary>
    public string? Text(string name)
    {
        try
        {
            return Of(name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } value ? value : null;
        }
        catch (InvalidOperationException)
        {
            // It is no Unicode: half of a surrogate pair, or bytes that are no UTF-8.
            return null;
        }
    }

    /// <summary>Whether a member is true, or says so.</summary>
    public bool IsTrue(string name) => Of(name) is { ValueKind: JsonValueKind.True } || Text(name) == "true";

    /// <summary>A time in seconds since 1970 (RFC 7519, section 2), or the same as a text.</summary>
    public DateTimeOffset? Time(string name)
    {
        var seconds = Of(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) ? value
            : double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out value) ? value
            : double.NaN;
        return seconds >= 0 && seconds <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;
    }

    /// <summary>The objects of a list; null where there is no list.</summary>
    public IEnumerable<JsonMembers>? List(string name) =>
        Of(name) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.Object).Select(each => new JsonMembers(each))
            : null;

    /// <summary>All of it as it was written.</summary>
    public override string ToString() => _json.GetRawText();

    private JsonElement? Of(string name) => _json.TryGetProperty(name, out var member) ? member : null;
}
