using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using ServerlessA2A.Grpc.Messages;

namespace ServerlessA2A.Grpc;

/// <summary>
/// A message as it came: damaged messages and large ones are errors of the call, which only its method can answer as the protocol wants it.
/// </summary>
/// <param name="Message">The message; null if it is damaged.</param>
/// <param name="Fault">The error of a damaged one.</param>
/// <param name="Size">The size in bytes.</param>
internal sealed record Received<TMessage>(TMessage? Message, InvalidProtocolBufferException? Fault, int Size)
    where TMessage : class, IMessage<TMessage>, new()
{
    private static readonly MessageParser<TMessage> Parser = new(() => new TMessage());

    /// <summary>Reads messages. Nothing writes them here.</summary>
    public static Marshaller<Received<TMessage>> Marshaller { get; } =
        new((Received<TMessage> _, SerializationContext _) => throw new NotSupportedException(), Read);

    private static Received<TMessage> Read(DeserializationContext context)
    {
        var payload = context.PayloadAsReadOnlySequence();
        try
        {
            return new(Parser.ParseFrom(payload), null, context.PayloadLength);
        }
        catch (InvalidProtocolBufferException)
        {
            return ReadDeep(payload.ToArray());
        }
    }

    /// <summary>
    /// Reads a message that may be nested more deeply than Protocol Buffers allow by default: one level of JSON is three of theirs.
    /// </summary>
    private static Received<TMessage> ReadDeep(byte[] payload)
    {
        try
        {
            using var input = ProtoJson.Deep(payload);
            return new(Parser.ParseFrom(input), null, payload.Length);
        }
        catch (InvalidProtocolBufferException fault)
        {
            return new(null, fault, payload.Length);
        }
    }
}
