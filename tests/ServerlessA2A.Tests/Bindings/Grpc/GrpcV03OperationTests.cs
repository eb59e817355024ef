using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Grpc;

public sealed class GrpcV03OperationTests(AgentHostFixture fixture) : OperationCases(fixture)
{
    protected override Wire Wire => Wires.Of("gRPC 0.3", Host.Client);
}
