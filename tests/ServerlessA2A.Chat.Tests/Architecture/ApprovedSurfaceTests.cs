using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.Chat.Tests.Architecture;

public class ApprovedSurfaceTests
{
    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasApproved() =>
        ApprovedSurface.Check(typeof(ChatAgentOptions).Assembly, "ServerlessA2A.Chat.Tests");
}
