using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ServerlessA2A.Deploy.Tests.Support;

/// <summary>The doc comments of the assemblies under test, as Markdown.</summary>
internal static partial class DocComments
{
    private static readonly Dictionary<string, XElement> Members = Directory
        .GetFiles(AppContext.BaseDirectory, "ServerlessA2A*.xml").SelectMany(file => XDocument.Load(file).Descendants("member"))
        .Where(member => member.Attribute("name")!.Value.StartsWith("P:", StringComparison.Ordinal))
        .DistinctBy(member => member.Attribute("name")!.Value).ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>The summary of a property in one line; empty if it has none.</summary>
    public static string SummaryOf(PropertyInfo property) =>
        Members.TryGetValue($"P:{property.DeclaringType!.FullName}.{property.Name}", out var member) &&
            member.Element("summary") is { } summary
            ? Spaces().Replace(string.Concat(summary.Nodes().Select(Write)), " ").Trim()
            : "";

    private static string Write(XNode node) => node switch
    {
        XElement { Name.LocalName: "see" } reference => $"`{reference.Attribute("cref")!.Value.Split('(')[0].Split('.')[^1]}`",
        XElement code => $"`{code.Value}`",
        _ => ((XText)node).Value,
    };

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
