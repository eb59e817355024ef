using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Tests.Bindings;

public sealed class HttpJsonV03OperationTests(AgentHostFixture fixture) : OperationCases(fixture)
{
    protected override Wire Wire => new HttpJsonV03Wire(Host.Client);
}
