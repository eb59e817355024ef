using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Security.Authentication;

/// <summary>The members of an untrusted JSON object: a missing member, or one of another type, is null and never an exception.</summary>
internal sealed class JsonMembers
{
    /// <summary>Duplicate members are rejected, because two readers may see different values.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly double LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly JsonElement _json;

    private JsonMembers(JsonElement json) => _json = json;

    /// <summary>Reads an object; null if the text is not one.</summary>
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
            // A name that is not valid Unicode.
            return null;
        }
    }

    /// <summary>The object.</summary>
    public JsonElement Json => _json;

    /// <summary>The object's length as received, in bytes of UTF-8.</summary>
    public int Size => JsonMarshal.GetRawUtf8Value(_json).Length;

    /// <summary>The object reduced to the given members, as received.</summary>
    public JsonMembers Only(IEnumerable<string> names)
    {
        return new JsonMembers(JsonElement.Parse(ProtocolJson.ObjectBytes(writer =>
        {
            foreach (var name in names)
                writer.WriteFree(Encoding.UTF8.GetBytes(name), Of(name));
        }).Span));
    }

    /// <summary>Whether a member exists, whatever its type.</summary>
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
            // Not valid Unicode: half of a surrogate pair, or invalid UTF-8.
            return null;
        }
    }

    /// <summary>Whether a member is true, or the text "true".</summary>
    public bool IsTrue(string name) => Of(name) is { ValueKind: JsonValueKind.True } || Text(name) == "true";

    /// <summary>A time in seconds since 1970 (RFC 7519, section 2), or the same as a text.</summary>
    public DateTimeOffset? Time(string name)
    {
        var seconds = Of(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) ? value
            : double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out value) ? value
            : double.NaN;
        return seconds >= 0 && seconds <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;
    }

    /// <summary>The objects of a list; null if there is no list.</summary>
    public IEnumerable<JsonMembers>? List(string name) =>
        Of(name) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.Object).Select(each => new JsonMembers(each))
            : null;

    /// <summary>The whole object as received.</summary>
    public override string ToString() => _json.GetRawText();

    private JsonElement? Of(string name) => _json.TryGetProperty(name, out var member) ? member : null;
}
