using ServerlessA2A.Bindings.Operations;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Bindings.JsonRpc;

/// <summary>A method: its name says which operation is meant, and in which version.</summary>
internal sealed record JsonRpcMethod(string Name, Operation Operation, ProtocolVersion Version)
{
    /// <summary>How its params and results look.</summary>
    public WireFormat Wire { get; } = Version == ProtocolVersion.V1_0 ? WireFormat.V1 : WireFormat.V0_3JsonRpc;

    /// <summary>True for 0.3's resubscribe, whose errors are answered inside an event stream.</summary>
    public bool AnswersErrorsAsEvents { get; } = Version == ProtocolVersion.V0_3 && Operation is SubscribeToTask;
}
