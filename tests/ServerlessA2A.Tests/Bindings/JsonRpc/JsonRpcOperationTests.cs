using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.JsonRpc;

public sealed class JsonRpcOperationTests(AgentHostFixture fixture) : OperationCases(fixture)
{
    protected override Wire Wire => new JsonRpcWire(Host.Client);
}
