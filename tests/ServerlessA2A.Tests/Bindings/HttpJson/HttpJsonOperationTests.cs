using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.HttpJson;

public sealed class HttpJsonOperationTests(AgentHostFixture fixture) : OperationCases(fixture)
{
    protected override Wire Wire => new HttpJsonWire(Host.Client);
}
