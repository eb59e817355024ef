using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.AgentFramework.Tests.Architecture;

public class ApprovedSurfaceTests
{
    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasApproved() =>
        ApprovedSurface.Check(typeof(AIAgentHost).Assembly, "ServerlessA2A.AgentFramework.Tests");
}
