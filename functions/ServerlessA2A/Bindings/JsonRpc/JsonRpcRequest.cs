using System.Text.Json;
using System.Text.Unicode;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.JsonRpc;

/// <summary>A JSON-RPC 2.0 request object, read without building a document of it.</summary>
internal sealed class JsonRpcRequest
{
    /// <summary>The maximum length of an id, in bytes. Every event of a stream repeats it.</summary>
    public const int LongestId = 4096;

    // The depth of params is checked where they are read, as in a body of HTTP+JSON.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    private bool _isVersion2;
    private bool _hasMethod;
    private string? _unknownMethod;
    private bool _hasWrongParams;
    private string? _wrongId;

    /// <summary>
    /// The id as it came, including quotes; null where there is no valid one. A2A has no notifications: a request without an id is answered
    /// with the id null, as the SDKs and the conformance suite of 0.3 expect.
    /// </summary>
    public byte[]? Id { get; private set; }

    /// <summary>The method. Set after <see cref="ThrowIfUnknownMethod"/>.</summary>
    public JsonRpcMethod Method { get; private set; } = null!;

    /// <summary>The params: an object, and a part of the body.</summary>
    public ReadOnlyMemory<byte> Params { get; private set; } = EmptyObject;

    /// <summary>Reads the envelope. Faults that leave the id readable are thrown later, by the methods below.</summary>
    /// <exception cref="A2AException">ParseError, or InvalidRequest for a batch and for anything but an object.</exception>
    public static JsonRpcRequest Parse(ReadOnlyMemory<byte> json, JsonRpcMethods methods)
    {
        if (json.IsEmpty)
            throw Faults.NoBody();
        // Check all of it: the id is echoed as it came, and unknown members are skipped unread.
        if (!Utf8.IsValid(json.Span))
            throw A2AException.ParseError();

        var request = new JsonRpcRequest();
        JsonTokenType root;
        try
        {
            root = request.ReadFrom(json, methods);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name with half a surrogate pair.
            throw A2AException.ParseError(exception);
        }

        return root switch
        {
            JsonTokenType.StartObject => request,
            JsonTokenType.StartArray => throw Faults.InvalidRequest("Batches are not supported: send one request at a time."),
            _ => throw Faults.InvalidRequest("The request must be a JSON object."),
        };
    }

    /// <summary>Throws where this is no valid request object.</summary>
    public void ThrowIfInvalid()
    {
        if (_wrongId is not null)
            throw Faults.InvalidRequest(_wrongId);
        if (!_isVersion2)
            throw Faults.InvalidRequest("jsonrpc must be \"2.0\".");
        if (!_hasMethod)
            throw Faults.InvalidRequest("method is missing or not a string.");
    }

    /// <summary>Throws where there is no such method.</summary>
    public void ThrowIfUnknownMethod()
    {
        if (_unknownMethod is not null)
            throw Faults.MethodNotFound(_unknownMethod);
    }

    /// <summary>Throws where the params are of the wrong type.</summary>
    public void ThrowIfWrongParams()
    {
        if (_hasWrongParams)
            throw A2AException.InvalidParams("params", "must be a JSON object");
    }

    private JsonTokenType ReadFrom(ReadOnlyMemory<byte> json, JsonRpcMethods methods)
    {
        var reader = new Utf8JsonReader(json.Span, Options);
        reader.Read();
        var root = reader.TokenType;
        if (root == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                ReadMember(ref reader, json, methods);
        }
        else
        {
            reader.Skip();
        }

        // Anything after the value is a fault of the JSON.
        reader.Read();
        return root;
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, JsonRpcMethods methods)
    {
        if (reader.ValueTextEquals("id"u8))
        {
            reader.Read();
            ReadId(ref reader, json.Span);
        }
        else if (reader.ValueTextEquals("method"u8))
        {
            reader.Read();
            ReadMethod(ref reader, methods);
        }
        else if (reader.ValueTextEquals("params"u8))
        {
            reader.Read();
            ReadParams(ref reader, json);
        }
        else if (reader.ValueTextEquals("jsonrpc"u8))
        {
            reader.Read();
            _isVersion2 = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
            reader.Skip();
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadId(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var isScalar = reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var raw = json[start..(int)reader.BytesConsumed];
        _wrongId = !isScalar ? "id must be a string, a number or null."
            : raw.Length > LongestId ? FormattableString.Invariant($"id must not be longer than {LongestId} bytes.")
            : null;
        Id = _wrongId is null ? raw.ToArray() : null;
    }

    private void ReadMethod(ref Utf8JsonReader reader, JsonRpcMethods methods)
    {
        _hasMethod = reader.TokenType == JsonTokenType.String;
        if (!_hasMethod)
        {
            reader.Skip();
            return;
        }

        var method = methods.Find(ref reader);
        _unknownMethod = method is null ? reader.GetString() : null;
        Method = method!;
    }

    private void ReadParams(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        var type = reader.TokenType;
        reader.Skip();
        // A2A names its params, so an array is as wrong as a string. Null is unset, as everywhere in ProtoJSON.
        _hasWrongParams = type is not (JsonTokenType.StartObject or JsonTokenType.Null);
        Params = type == JsonTokenType.StartObject ? json[start..(int)reader.BytesConsumed] : EmptyObject;
    }
}
