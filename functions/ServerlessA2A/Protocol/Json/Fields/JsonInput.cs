using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>Reads a message at which the input stands; null for JSON's null.</summary>
internal delegate T? ReadMessage<T>(ref JsonInput json);

/// <summary>A document of a client, read field by field. A field may be spelled in camelCase or in snake_case; null is unset.</summary>
/// <remarks>No serializer: what it builds for the types of a request before it reads the first byte costs more than all the rest of a cold start.</remarks>
internal ref partial struct JsonInput
{
    /// <summary>How many letters the longest name of a field may have; no message has a field with a longer one.</summary>
    public const int LongestName = 64;

    private readonly Span<char> _names;
    private Utf8JsonReader _reader;
    private int _nameLength;

    /// <summary>Stands at the document's only value.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="names">Memory for one name: <see cref="LongestName"/>.</param>
    /// <exception cref="JsonException">It is no JSON, here and in all that follows.</exception>
    public JsonInput(ReadOnlySpan<byte> utf8, Span<char> names)
    {
        _names = names;
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = ProtocolJson.MaxDepth });
        _reader.Read();
    }

    /// <summary>The name of the field at whose value the input stands, in camelCase; empty for one that is too long to be known.</summary>
    public readonly ReadOnlySpan<char> Field => _names[.._nameLength];

    /// <summary>Where the value begins at which the input stands.</summary>
    public readonly long Position => _reader.TokenStartIndex;

    /// <summary>Goes into an object; false for null.</summary>
    public bool StartObject()
    {
        if (_reader.TokenType == JsonTokenType.StartObject) return true;
        return IsNull ? false : throw WrongType();
    }

    /// <summary>Goes to the value of the object's next field; false at the object's end.</summary>
    public bool NextField()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject) return false;
        _nameLength = FieldName.Read(ref _reader, _names);
        _reader.Read();
        return true;
    }

    /// <summary>Passes over the value of a field that is not known.</summary>
    public void Skip()
    {
        // What can't be passed over is wrong where it begins.
        var reader = _reader;
        reader.Skip();
        _reader = reader;
    }

    /// <summary>A list of messages. An item may be null; that is for the validation to say.</summary>
    public List<T>? List<T>(ReadMessage<T> read)
        where T : class
    {
        if (!StartArray()) return null;
        var items = new List<T>();
        while (NextItem()) items.Add(read(ref this)!);
        return items;
    }

    /// <summary>A list of strings. An item may be null; that is for the validation to say.</summary>
    public List<string>? Strings()
    {
        if (!StartArray()) return null;
        var items = new List<string>();
        while (NextItem()) items.Add(Text()!);
        return items;
    }

    /// <summary>Nothing may follow.</summary>
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
