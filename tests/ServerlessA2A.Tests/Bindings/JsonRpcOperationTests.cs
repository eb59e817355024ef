using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Tests.Bindings;

public sealed class JsonRpcOperationTests(AgentHostFixture fixture) : OperationCases(fixture)
{
    protected override Wire Wire => new JsonRpcWire(Host.Client);
}
