using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.Grpc.Tests.Architecture;

public class ApprovedSurfaceTests
{
    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasApproved() =>
        ApprovedSurface.Check(typeof(A2AGrpcServiceCollectionExtensions).Assembly, "ServerlessA2A.Grpc.Tests");
}
