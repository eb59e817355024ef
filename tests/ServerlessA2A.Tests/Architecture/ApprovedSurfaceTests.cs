using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tests.Architecture;

public class ApprovedSurfaceTests
{
    [Theory]
    [InlineData(typeof(IAgent))]
    [InlineData(typeof(A2ATask))]
    public void ThePublicSurfaceIsTheOneThatWasApproved(Type package) => ApprovedSurface.Check(package.Assembly, "ServerlessA2A.Tests");

    [Fact]
    public void ADifferenceIsToldMemberByMember() => Assert.Equal(
        "- class A | ctor()\n+ class A | void New()\n+ class B",
        ApprovedSurface.Difference(ApprovedSurface.Qualified("class A\n    ctor()\n    int X\n"),
        ApprovedSurface.Qualified("class A\n    int X\n    void New()\nclass B\n")));

    [Fact]
    public void TheSurfaceNamesWhatUsersDependOn()
    {
        var surface = PublicSurface.Of(typeof(IAgent).Assembly) + PublicSurface.Of(typeof(A2ATask).Assembly);
        Assert.Contains(
            "interface ServerlessA2A.Agents.IAgent\n    IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, CancellationToken " +
            "cancellationToken)\n", surface, StringComparison.Ordinal);
        Assert.Contains("\n    required String MessageId { get; init; }\n", surface, StringComparison.Ordinal);
        Assert.DoesNotContain("TaskRun\n", surface, StringComparison.Ordinal);
    }
}
