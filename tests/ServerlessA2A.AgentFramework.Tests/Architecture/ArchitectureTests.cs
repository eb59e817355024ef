using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.AgentFramework.Tests.Architecture;

public class ArchitectureTests
{
    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasApproved_ApprovedSurface() =>
        ApprovedSurface.Check(typeof(AIAgentHost).Assembly, "ServerlessA2A.AgentFramework.Tests");

    [Fact]
    public void NoNamespaceUsesItselfThroughOthers() =>
        Assert.Empty(NamespaceCircles.Of(typeof(AIAgentHost).Assembly, "ServerlessA2A.AgentFramework"));

    [Fact]
    public void ThePackageUsesTheEngineAndChatAndNothingOfGoogles()
    {
        var references = typeof(AgentFrameworkServiceCollectionExtensions).Assembly.GetReferencedAssemblies().Select(each => each.Name!).ToList();

        Assert.Equal(["ServerlessA2A", "ServerlessA2A.Chat"], references.Where(name => name.StartsWith("ServerlessA2A", StringComparison.Ordinal)).Order());
        Assert.DoesNotContain(references, name => name.StartsWith("Google", StringComparison.Ordinal) || name.StartsWith("Grpc", StringComparison.Ordinal));
    }
}
