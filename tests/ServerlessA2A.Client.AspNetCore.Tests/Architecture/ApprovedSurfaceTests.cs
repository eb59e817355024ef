using Microsoft.AspNetCore.Builder;
using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.Client.AspNetCore.Tests.Architecture;

public class ApprovedSurfaceTests
{
    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasApproved() =>
        ApprovedSurface.Check(typeof(A2AWebhookEndpointExtensions).Assembly, "ServerlessA2A.Client.AspNetCore.Tests");
}
