using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Client.Tests.Support;

/// <summary>The versions and bindings that a client speaks.</summary>
public static class Wire
{
    public static TheoryData<string> OverHttp { get; } = ["1.0 JSONRPC", "1.0 HTTP+JSON", "0.3 JSONRPC", "0.3 HTTP+JSON"];

    public static TheoryData<string> OverGrpc { get; } = ["1.0 GRPC", "0.3 GRPC"];

    public static TheoryData<string> All { get; } =
        ["1.0 JSONRPC", "1.0 HTTP+JSON", "1.0 GRPC", "0.3 JSONRPC", "0.3 HTTP+JSON", "0.3 GRPC"];

    /// <summary>Options for one of them, with delays that take no time.</summary>
    public static A2AClientOptions Options(string wire = "1.0 JSONRPC") => new A2AClientOptions
    {
        Version = wire.StartsWith("1.0", StringComparison.Ordinal) ? ProtocolVersion.V1_0 : ProtocolVersion.V0_3,
        Binding = wire[4..],
        TimeProvider = new ImpatientTime(),
    }.AddGrpc();

    public static A2AClient ClientOf(AgentHost host, string wire, A2AClientOptions? options = null, HttpClient? http = null) =>
        wire.EndsWith("GRPC", StringComparison.Ordinal)
            ? new(Card(host.GrpcAddress.AbsoluteUri, "GRPC", wire[..3]), options ?? Options(wire), http)
            : new(host.Address!, options ?? Options(wire), http);

    public static AgentCard Card(string url, string binding = "JSONRPC", string version = "1.0", bool streaming = true) => new()
    {
        Name = "a",
        Description = "",
        Version = "1",
        SupportedInterfaces = [new() { Url = url, ProtocolBinding = binding, ProtocolVersion = version }],
        Capabilities = new() { Streaming = streaming },
        DefaultInputModes = [],
        DefaultOutputModes = [],
        Skills = [],
    };

    public static SendMessageRequest Message(string text, bool returnImmediately = false, string? taskId = null) => new()
    {
        Message = new() { MessageId = $"m-{Guid.NewGuid()}", Role = Role.User, Parts = [Part.FromText(text)], TaskId = taskId },
        Configuration = new() { ReturnImmediately = returnImmediately },
    };
}
