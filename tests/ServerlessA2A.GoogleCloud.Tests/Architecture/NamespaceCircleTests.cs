using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.GoogleCloud.Tests.Architecture;

public class NamespaceCircleTests
{
    [Fact]
    public void NoNamespaceUsesItselfThroughOthers() =>
        Assert.Empty(NamespaceCircles.Of(typeof(GeminiModel).Assembly, "ServerlessA2A.GoogleCloud.Gemini"));
}
