namespace ServerlessA2A.AgentFramework.Tests.Architecture;

public class PackageDirectionTests
{
    [Fact]
    public void ThePackageUsesTheEngineAndChatAndNothingOfGoogles()
    {
        var references = typeof(AIAgentHost).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!).ToList();

        Assert.Equal(["ServerlessA2A", "ServerlessA2A.Chat", "ServerlessA2A.Protocol"], Named("ServerlessA2A").Order());
        Assert.Empty(Named("Google").Concat(Named("Grpc")));

        IEnumerable<string> Named(string prefix) => references.Where(name => name.StartsWith(prefix, StringComparison.Ordinal));
    }
}
