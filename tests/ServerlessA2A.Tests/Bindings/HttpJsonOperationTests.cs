using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Tests.Bindings;

public sealed class HttpJsonOperationTests(AgentHostFixture fixture) : OperationCases(fixture)
{
    protected override Wire Wire => new HttpJsonWire(Host.Client);
}
