using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.Client.Tests.Architecture;

public class ApprovedSurfaceTests
{
    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasApproved() =>
        ApprovedSurface.Check(typeof(A2AClient).Assembly, "ServerlessA2A.Client.Tests");

    [Fact]
    public void ThePublicSurfaceOfGrpcIsTheOneThatWasApproved() =>
        ApprovedSurface.Check(typeof(A2AClientGrpcExtensions).Assembly, "ServerlessA2A.Client.Tests");

    [Fact]
    public void TheClientNeedsNoWebServer() => Assert.DoesNotContain(
        typeof(A2AClient).Assembly.GetReferencedAssemblies().Concat(typeof(A2AClientGrpcExtensions).Assembly.GetReferencedAssemblies()),
        each => each.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
}
