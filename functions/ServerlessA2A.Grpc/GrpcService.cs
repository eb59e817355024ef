using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using ServerlessA2A.Bindings.Operations;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks.Operations;
using WireFormat = ServerlessA2A.Protocol.WireFormat;

namespace ServerlessA2A.Grpc;

/// <summary>A service: the operations of one version, bound to the methods of its description.</summary>
/// <param name="context">Where the methods are added.</param>
/// <param name="descriptor">The service's description.</param>
/// <param name="version">The version.</param>
/// <param name="wire">The JSON of the version, in which cards are signed.</param>
internal sealed class GrpcService(
    ServiceMethodProviderContext<GrpcBinding> context, ServiceDescriptor descriptor, ProtocolVersion version, WireFormat wire)
{
    /// <summary>The version.</summary>
    public ProtocolVersion Version => version;

    /// <summary>The JSON of the version.</summary>
    public WireFormat Wire => wire;

    /// <summary>Binds an operation with one result.</summary>
    public void AddUnary<TMessage, TRequest, TResult, TReply>(
        string name,
        Func<OperationTable, UnaryOperation<TRequest, TResult>> operation,
        Func<TMessage, TRequest> read,
        Func<TResult, TReply> write)
        where TMessage : class, IMessage<TMessage>, new()
        where TReply : class, IMessage<TReply>, new() =>
        context.AddUnaryMethod(
            MethodOf<TMessage, TReply>(MethodType.Unary, name),
            [this],
            (binding, received, call) => binding.InvokeAsync(operation(binding.Operations), received, call, read, write));

    /// <summary>Binds an operation whose result is a stream.</summary>
    public void AddStream<TMessage, TRequest, TReply>(
        string name,
        Func<OperationTable, StreamOperation<TRequest>> operation,
        Func<TMessage, TRequest> read,
        Func<StreamItem, TReply> write)
        where TMessage : class, IMessage<TMessage>, new()
        where TReply : class, IMessage<TReply>, new() =>
        context.AddServerStreamingMethod(
            MethodOf<TMessage, TReply>(MethodType.ServerStreaming, name),
            [this],
            (binding, received, stream, call) => binding.StreamAsync(operation(binding.Operations), received, stream, call, read, write));

    private Method<Received<TMessage>, TReply> MethodOf<TMessage, TReply>(MethodType type, string name)
        where TMessage : class, IMessage<TMessage>, new()
        where TReply : class, IMessage<TReply>, new() =>
        new(type, descriptor.FullName, descriptor.FindMethodByName(name).Name, Received<TMessage>.Marshaller, Replies<TReply>.Marshaller);

    /// <summary>Writes replies. Nothing reads them here.</summary>
    private static class Replies<TReply>
        where TReply : class, IMessage<TReply>
    {
        public static Marshaller<TReply> Marshaller { get; } = new(Write, (DeserializationContext _) => throw new NotSupportedException());

        private static void Write(TReply reply, SerializationContext context)
        {
            context.SetPayloadLength(reply.CalculateSize());
            reply.WriteTo(context.GetBufferWriter());
            context.Complete();
        }
    }
}
