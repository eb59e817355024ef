using ServerlessA2A.Protocol.Tasks;

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
    public void NoNamespaceUsesItselfThroughOthers(string folder)
    {
        var types = typeof(A2ATask).Assembly.GetTypes().Where(type => IsIn(folder, type)).ToList();
        Assert.NotEmpty(types);
        var uses =
            from type in types
            from used in TypeReferences.Of(type)
            where IsIn(folder, used) && used.Namespace != type.Namespace
            select (From: type, To: used);
        Assert.Empty(CirclesIn(uses));
    }

    [Fact]
    public void ACircleIsFoundWithTheTypesThatMakeIt()
    {
        // Were it blind, there would be no circles either.
        var (list, builder, regex) = (typeof(List<int>), typeof(System.Text.StringBuilder), typeof(System.Text.RegularExpressions.Regex));

        Assert.Empty(CirclesIn([(list, builder), (builder, regex), (list, regex)]));
        Assert.Equal(
            ["Regex uses List`1", "List`1 uses StringBuilder", "StringBuilder uses Regex"],
            CirclesIn([(regex, list), (list, builder), (builder, regex), (typeof(Uri), regex)]));
    }

    /// <summary>The uses that lead from a namespace back to it.</summary>
    private static IReadOnlyList<string> CirclesIn(IEnumerable<(Type From, Type To)> uses)
    {
        var all = uses.Distinct().ToList();
        var next = all.ToLookup(use => use.From.Namespace!, use => use.To.Namespace!);
        return [.. all.Where(use => Reaches(use.To.Namespace!, use.From.Namespace!)).Select(use => $"{use.From.Name} uses {use.To.Name}")];

        bool Reaches(string from, string to)
        {
            var (seen, open) = (new HashSet<string>(), new Stack<string>([from]));
            while (open.TryPop(out var name))
            {
                if (name == to)
                    return true;
                if (seen.Add(name))
                    next[name].ToList().ForEach(open.Push);
            }

            return false;
        }
    }

    private static bool IsIn(string folder, Type type) => type.Assembly == typeof(A2ATask).Assembly &&
        $"{type.Namespace}.".StartsWith($"ServerlessA2A.{folder}.", StringComparison.Ordinal);
}
