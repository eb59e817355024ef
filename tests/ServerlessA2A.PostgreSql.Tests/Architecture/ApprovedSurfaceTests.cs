using ServerlessA2A.Tests.Architecture;

namespace ServerlessA2A.PostgreSql.Tests.Architecture;

public class ApprovedSurfaceTests
{
    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasApproved() =>
        ApprovedSurface.Check(typeof(PostgreSqlOptions).Assembly, "ServerlessA2A.PostgreSql.Tests");
}
