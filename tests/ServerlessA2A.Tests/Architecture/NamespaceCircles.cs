using System.Reflection;

namespace ServerlessA2A.Tests.Architecture;

/// <summary>Finds namespaces that use themselves through others.</summary>
internal static class NamespaceCircles
{
    /// <summary>The uses that make a circle below a namespace of an assembly.</summary>
    public static IReadOnlyList<string> Of(Assembly assembly, string root)
    {
        var types = assembly.GetTypes().Where(IsBelow).ToList();
        Assert.NotEmpty(types);
        return In(
            from type in types
            from used in TypeReferences.Of(type)
            where used.Assembly == assembly && IsBelow(used) && used.Namespace != type.Namespace
            select (From: type, To: used));

        bool IsBelow(Type type) => $"{type.Namespace}.".StartsWith($"{root}.", StringComparison.Ordinal);
    }

    /// <summary>The uses that lead from a namespace back to it.</summary>
    public static IReadOnlyList<string> In(IEnumerable<(Type From, Type To)> uses)
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
}
