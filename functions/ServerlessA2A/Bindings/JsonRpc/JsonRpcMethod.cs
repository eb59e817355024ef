using ServerlessA2A.Bindings.Operations;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Bindings.JsonRpc;

/// <summary>A method: an operation in a version, with the reader of its params.</summary>
internal sealed record JsonRpcMethod(string Name, BoundOperation<ReadOnlyMemory<byte>> Operation, ProtocolVersion Version)
{
    /// <summary>The format of the result.</summary>
    public WireFormat Wire { get; } = Version == ProtocolVersion.V1_0 ? WireFormat.V1 : WireFormat.V0_3JsonRpc;

    /// <summary>True for 0.3's resubscribe, whose errors are answered inside an event stream.</summary>
    public bool AnswersErrorsAsEvents { get; init; }
}
