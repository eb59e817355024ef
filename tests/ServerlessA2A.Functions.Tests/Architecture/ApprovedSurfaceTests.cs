using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.Functions.Tests.Architecture;

public class ApprovedSurfaceTests
{
    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasApproved() =>
        ApprovedSurface.Check(typeof(A2AFunctions).Assembly, "ServerlessA2A.Functions.Tests");
}
