using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Grpc.Messages;

/// <summary>
/// Messages by way of their JSON, which the engine reads and writes for HTTP+JSON already: everything of 0.3, and the card, which is
/// requested rarely.
/// </summary>
internal static class ProtoJson
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);
    private static readonly JsonFormatter Whole = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>An object in a google.protobuf.Value takes three levels.</summary>
    private const int MaxDepth = 4 * ProtocolJson.MaxDepth;

    private static readonly JsonParser Parser = new(new JsonParser.Settings(MaxDepth).WithIgnoreUnknownFields(true));

    /// <summary>A message to read that is nested as deeply as JSON may be.</summary>
    public static CodedInputStream Deep(byte[] message) =>
        CodedInputStream.CreateWithLimits(new MemoryStream(message, writable: false), int.MaxValue, MaxDepth);

    /// <summary>The JSON of a message.</summary>
    /// <exception cref="A2AException">InvalidParams for a google.protobuf.Value without a kind.</exception>
    public static ReadOnlyMemory<byte> Write(IMessage message) => Write(message, Formatter);

    /// <summary>
    /// The JSON of a result, with empty lists and texts, which its readers miss, and without spaces, which would be part of metadata.
    /// </summary>
    /// <inheritdoc cref="Write(IMessage)" path="/exception"/>
    public static ReadOnlyMemory<byte> WriteWhole(IMessage message)
    {
        using var json = JsonDocument.Parse(Write(message, Whole), AnyDepth);
        return ProtocolJson.Bytes(json.RootElement.WriteTo);
    }

    private static ReadOnlyMemory<byte> Write(IMessage message, JsonFormatter formatter)
    {
        try
        {
            return Encoding.UTF8.GetBytes(formatter.Format(message));
        }
        catch (InvalidOperationException fault)
        {
            throw A2AException.InvalidParams("", "contains a google.protobuf.Value without a kind", fault);
        }
    }

    /// <summary>The message that a writer of its JSON writes. Fields that the message does not have are omitted.</summary>
    /// <exception cref="A2AException">InvalidAgentResponse for JSON that Protocol Buffers cannot represent.</exception>
    public static TMessage Read<TMessage>(Action<Utf8JsonWriter> write)
        where TMessage : IMessage<TMessage>, new() => (TMessage)Read(new TMessage().Descriptor, write);

    /// <inheritdoc cref="Read{TMessage}"/>
    public static IMessage Read(MessageDescriptor type, Action<Utf8JsonWriter> write)
    {
        try
        {
            return Parser.Parse(Encoding.UTF8.GetString(ProtocolJson.Bytes(write).Span), type);
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new A2AException(
                A2AError.InvalidAgentResponse,
                "The result contains JSON that Protocol Buffers cannot represent; read it over another binding.",
                fault);
        }
    }
}
