using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Tests.Bindings;

public sealed class JsonRpcV03OperationTests(AgentHostFixture fixture) : OperationCases(fixture)
{
    protected override Wire Wire => new JsonRpcV03Wire(Host.Client);
}
