using System.Buffers;
using System.Text.Json;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Json;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Protocol;

/// <summary>JSON of the A2A 1.0 data model.</summary>
/// <remarks>
/// A2A 1.0, section 5.5, and the ProtoJSON rules: camelCase is written, snake_case is read too; unknown members are ignored;
/// null is unset, and nothing unset is written. JSON in <c>data</c> and <c>metadata</c> comes back as it came.
/// How the fields of a message are spelled, its file in the folder Json says, and nothing else does.
/// </remarks>
internal static class ProtocolJson
{
    /// <summary>How many levels a document may nest.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// How many levels JSON in <c>data</c> and <c>metadata</c> may nest: with what is around it in a document or in the answer of any
    /// binding, no more than <see cref="MaxDepth"/>, so that common readers take it back.
    /// </summary>
    public const int MaxValueDepth = MaxDepth - 16;

    private static readonly ArrayBufferWriter<byte> Nowhere = new();

    [ThreadStatic]
    private static Utf8JsonWriter? _idleWriter;

    /// <summary>For writers that the caller makes: characters beyond ASCII stay UTF-8, which halves many texts.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = ProtocolEncoder.Instance,
        SkipValidation = true,
    };

    /// <summary>Reads a message of the protocol, any but the card. What it lacks is null or zero: <see cref="RequestValidation"/> says so.</summary>
    /// <exception cref="A2AException">
    /// ParseError for what is not JSON; InvalidParams, naming the field, for values that are of the wrong type or nest too deep.
    /// </exception>
    public static T Read<T>(ReadOnlyMemory<byte> utf8) => JsonReading.Read(utf8, MessageForms.Of<T>().Read);

    /// <summary>Writes a message of the protocol. The writer is not flushed.</summary>
    public static void Write<T>(Utf8JsonWriter writer, T value) => MessageForms.Of<T>().Write(writer, value);

    /// <summary>Writes a message of the protocol.</summary>
    public static byte[] Write<T>(T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a message of the protocol.</summary>
    public static void Write<T>(IBufferWriter<byte> destination, T value)
    {
        // Taken out while in use, so that one who writes while writing gets another.
        var writer = _idleWriter ?? new Utf8JsonWriter(destination, WriterOptions);
        _idleWriter = null;
        writer.Reset(destination);
        Write(writer, value);
        writer.Flush();
        writer.Reset(Nowhere);
        _idleWriter = writer;
    }
}
