using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol;

/// <summary>JSON of the A2A 1.0 data model: the one place that knows how a field is spelled.</summary>
/// <remarks>
/// A2A 1.0, section 5.5, and the ProtoJSON rules: camelCase is written, snake_case is read too; unknown members are ignored;
/// null is unset, and nothing unset is written. JSON in <c>data</c> and <c>metadata</c> comes back as it came.
/// </remarks>
public static class ProtocolJson
{
    /// <summary>How deep a document may nest.</summary>
    public const int MaxDepth = 64;

    private static readonly ArrayBufferWriter<byte> Nowhere = new();

    [ThreadStatic]
    private static Utf8JsonWriter? _idleWriter;

    /// <summary>For writers that the caller makes: letters beyond ASCII stay as they are, which halves many texts.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static JsonSerializerOptions Options { get; } = CreateOptions(ProtocolJsonContext.Default.Options, ProtocolJsonContext.Default);

    /// <summary>Reads a message of the protocol. What it lacks is null or zero: <see cref="RequestValidation"/> says so.</summary>
    /// <exception cref="A2AException">ParseError for what is not JSON or nests too deep; InvalidParams, naming the field, for values of the wrong type.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> utf8) => JsonReading.Read(utf8, Of<T>.Info);

    /// <summary>Writes a message of the protocol.</summary>
    public static void Write<T>(Utf8JsonWriter writer, T value) => JsonSerializer.Serialize(writer, value, Of<T>.Info);

    /// <summary>Writes a message of the protocol.</summary>
    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Of<T>.Info);

    /// <summary>Writes a message of the protocol.</summary>
    public static void Write<T>(IBufferWriter<byte> destination, T value)
    {
        // Taken out while in use: a converter may end up here again.
        var writer = _idleWriter ?? new Utf8JsonWriter(destination, WriterOptions);
        _idleWriter = null;
        writer.Reset(destination);
        JsonSerializer.Serialize(writer, value, Of<T>.Info);
        writer.Flush();
        writer.Reset(Nowhere);
        _idleWriter = writer;
    }

    internal static JsonSerializerOptions CreateOptions(JsonSerializerOptions generated, IJsonTypeInfoResolver resolver)
    {
        var options = new JsonSerializerOptions(generated)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = resolver.WithAddedModifier(ProtoPresence.Apply),
        };
        options.MakeReadOnly();
        return options;
    }

    private static class Of<T>
    {
        public static readonly JsonTypeInfo<T> Info = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
    }
}
