using ServerlessA2A.Agents;

namespace ServerlessA2A.Tests.Architecture;

/// <summary>
/// Inside these folders of the engine no namespace uses itself through others: what is shared lies in a leaf, composition at the root.
/// </summary>
public class NamespaceCircleTests
{
    [Theory]
    [InlineData("Agents")]
    [InlineData("Bindings")]
    [InlineData("Hosting")]
    [InlineData("Security")]
    [InlineData("Tasks")]
    [InlineData("Webhooks")]
    public void NoNamespaceUsesItselfThroughOthers(string folder)
    {
        var circles = NamespaceCircles.Of(typeof(IAgent).Assembly, $"ServerlessA2A.{folder}");

        Assert.True(circles.Count == 0, string.Join('\n', circles));
    }

    [Fact]
    public void ACircleIsFoundWithTheTypesThatMakeIt()
    {
        // Were it blind, there would be no circles either.
        var (list, builder, regex) = (typeof(List<int>), typeof(System.Text.StringBuilder), typeof(System.Text.RegularExpressions.Regex));

        Assert.Empty(NamespaceCircles.In([(list, builder), (builder, regex), (list, regex)]));
        Assert.Equal(
            ["Regex uses List`1", "List`1 uses StringBuilder", "StringBuilder uses Regex"],
            NamespaceCircles.In([(regex, list), (list, builder), (builder, regex), (typeof(Uri), regex)]));
    }
}
