using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Grpc;

public sealed class GrpcOperationTests(AgentHostFixture fixture) : OperationCases(fixture)
{
    protected override Wire Wire => Wires.Of("gRPC 1.0", Host.Client);
}
