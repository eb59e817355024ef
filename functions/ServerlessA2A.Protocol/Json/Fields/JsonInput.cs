using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>Reads the current message; null for JSON null.</summary>
internal delegate T? ReadMessage<T>(ref JsonInput json);

/// <summary>A client's document, read field by field. A field may be spelled in camelCase or snake_case; null is unset.</summary>
/// <remarks>Not a serializer: building its metadata for the types of a request would dominate a cold start.</remarks>
internal ref partial struct JsonInput
{
    /// <summary>The length of the longest field name of any message.</summary>
    public const int LongestName = 64;

    private readonly Span<char> _names;
    private Utf8JsonReader _reader;
    private int _nameLength;

    /// <summary>Starts at the document's only value.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="names">A buffer for one name: <see cref="LongestName"/>.</param>
    /// <exception cref="JsonException">The document is not JSON; thrown here and by all other members.</exception>
    public JsonInput(ReadOnlySpan<byte> utf8, Span<char> names)
    {
        _names = names;
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = ProtocolJson.MaxDepth });
        _reader.Read();
    }

    /// <summary>The name of the current field, in camelCase; empty if it is too long for a known field.</summary>
    public readonly ReadOnlySpan<char> Field => _names[.._nameLength];

    /// <summary>The start of the current value.</summary>
    public readonly long Position => _reader.TokenStartIndex;

    /// <summary>Whether the current value is a list.</summary>
    public readonly bool IsArray => _reader.TokenType == JsonTokenType.StartArray;

    /// <summary>Enters an object; false for null.</summary>
    public bool StartObject()
    {
        if (_reader.TokenType == JsonTokenType.StartObject) return true;
        return IsNull ? false : throw WrongType();
    }

    /// <summary>Moves to the value of the object's next field; false at the object's end.</summary>
    public bool NextField()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject) return false;
        _nameLength = FieldName.Read(ref _reader, _names);
        _reader.Read();
        return true;
    }

    /// <summary>Moves to the value of a map's next key; false at the map's end.</summary>
    public bool NextKey(out string key)
    {
        key = "";
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject) return false;
        key = _reader.GetString()!;
        _reader.Read();
        return true;
    }

    /// <summary>A map of messages. Values that are null are left out.</summary>
    public Dictionary<string, T>? Map<T>(ReadMessage<T> read)
        where T : class
    {
        if (!StartObject()) return null;
        var map = new Dictionary<string, T>();
        while (NextKey(out var key))
        {
            if (read(ref this) is { } value) map[key] = value;
        }

        return map;
    }

    /// <summary>Skips the value of an unknown field.</summary>
    public void Skip()
    {
        // A value that cannot be skipped is reported at its start.
        var reader = _reader;
        reader.Skip();
        _reader = reader;
    }

    /// <summary>A list of messages, none of them null.</summary>
    public List<T>? List<T>(ReadMessage<T> read)
        where T : class
    {
        if (!StartArray()) return null;
        var items = new List<T>();
        while (NextItem()) items.Add(read(ref this) ?? throw new FieldException("must not be null"));
        return items;
    }

    /// <summary>A list of strings. An item may be null, which the validation reports.</summary>
    public List<string>? Strings()
    {
        if (!StartArray()) return null;
        var items = new List<string>();
        while (NextItem()) items.Add(Text()!);
        return items;
    }

    /// <summary>Checks that nothing follows.</summary>
    public void End() => _reader.Read();

    private readonly bool IsNull => _reader.TokenType == JsonTokenType.Null;

    private static FieldException WrongType() => new("has a value of the wrong type");

    private readonly bool StartArray()
    {
        if (_reader.TokenType == JsonTokenType.StartArray) return true;
        return IsNull ? false : throw WrongType();
    }

    private bool NextItem() => _reader.Read() && _reader.TokenType != JsonTokenType.EndArray;
}
