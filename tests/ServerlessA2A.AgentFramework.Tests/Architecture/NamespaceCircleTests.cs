using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.AgentFramework.Tests.Architecture;

public class NamespaceCircleTests
{
    [Fact]
    public void NoNamespaceUsesItselfThroughOthers() =>
        Assert.Empty(NamespaceCircles.Of(typeof(AIAgentHost).Assembly, "ServerlessA2A.AgentFramework"));
}
