using System.Buffers;
using System.Text.Json;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Json;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Protocol;

/// <summary>JSON of the A2A 1.0 data model.</summary>
/// <remarks>
/// A2A 1.0, section 5.5, and the rules of ProtoJSON: writes camelCase, reads snake_case too, ignores unknown members, treats null as unset,
/// and does not write unset members. JSON in <c>data</c> and <c>metadata</c> is returned unchanged. Each message has one file in the folder
/// Json, which alone spells its fields.
/// </remarks>
internal static class ProtocolJson
{
    /// <summary>The number of levels that a document may nest.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// The number of levels that JSON in <c>data</c> and <c>metadata</c> may nest. Together with the levels around it, in a document or a
    /// response of any binding, it stays within <see cref="MaxDepth"/>, so that common readers accept it.
    /// </summary>
    public const int MaxValueDepth = MaxDepth - 16;

    private static readonly ArrayBufferWriter<byte> Nowhere = new();

    [ThreadStatic]
    private static Utf8JsonWriter? _idleWriter;

    /// <summary>Options for callers' writers: characters beyond ASCII stay UTF-8, which halves the size of many texts.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = ProtocolEncoder.Instance,
        SkipValidation = true,
    };

    /// <summary>
    /// Reads a message of the protocol, except the card. Missing members are null or zero; <see cref="RequestValidation"/> reports them.
    /// </summary>
    /// <exception cref="A2AException">
    /// ParseError for text that is not JSON; InvalidParams, naming the field, for values of the wrong type and values that nest too deep.
    /// </exception>
    public static T Read<T>(ReadOnlyMemory<byte> utf8) => JsonReading.Read(utf8, MessageForms.Of<T>().Read);

    /// <summary>Writes JSON of any kind into memory of its own.</summary>
    public static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, write, static (writer, write) => write(writer));
        return buffer.WrittenMemory;
    }

    /// <summary>Writes a JSON object of any kind into memory of its own.</summary>
    /// <param name="writeMembers">Writes the members.</param>
    public static ReadOnlyMemory<byte> ObjectBytes(Action<Utf8JsonWriter> writeMembers) => Bytes(writer =>
    {
        writer.WriteStartObject();
        writeMembers(writer);
        writer.WriteEndObject();
    });

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
    public static void Write<T>(IBufferWriter<byte> destination, T value) => Write(destination, value, Write);

    private static void Write<T>(IBufferWriter<byte> destination, T value, Action<Utf8JsonWriter, T> write)
    {
        // Removed while in use, so that nested writing gets another writer.
        var writer = _idleWriter ?? new Utf8JsonWriter(destination, WriterOptions);
        _idleWriter = null;
        writer.Reset(destination);
        write(writer, value);
        writer.Flush();
        writer.Reset(Nowhere);
        _idleWriter = writer;
    }
}
