using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.Chat.Tests.Architecture;

public class NamespaceCircleTests
{
    [Fact]
    public void NoNamespaceUsesItselfThroughOthers() => Assert.Empty(NamespaceCircles.Of(typeof(ChatAgent).Assembly, "ServerlessA2A.Chat"));
}
