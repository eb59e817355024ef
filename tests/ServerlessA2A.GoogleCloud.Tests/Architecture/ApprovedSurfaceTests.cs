using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.GoogleCloud.Tests.Architecture;

public class ApprovedSurfaceTests
{
    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasApproved() =>
        ApprovedSurface.Check(typeof(GoogleCloudOptions).Assembly, "ServerlessA2A.GoogleCloud.Tests");
}
