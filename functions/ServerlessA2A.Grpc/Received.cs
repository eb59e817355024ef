using Google.Protobuf;
using Grpc.Core;

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
        try
        {
            return new(Parser.ParseFrom(context.PayloadAsReadOnlySequence()), null, context.PayloadLength);
        }
        catch (InvalidProtocolBufferException fault)
        {
            return new(null, fault, context.PayloadLength);
        }
    }
}
