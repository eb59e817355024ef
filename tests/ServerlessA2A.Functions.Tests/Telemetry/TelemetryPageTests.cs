using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ServerlessA2A.Chat;
using ServerlessA2A.Functions.Telemetry;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Functions.Tests.Telemetry;

/// <summary>
/// Holds the names in <c>docs/telemetry.md</c> against the code: each section's first column lists all of them, and no other.
/// </summary>
public partial class TelemetryPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));

    [Fact]
    public void EveryMetricIsOnThePage()
    {
        var code = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("ServerlessA2A", StringComparison.Ordinal))
                    code.Add(instrument.Name);
            },
        };
        foreach (var type in new[] { typeof(EngineMetrics), typeof(ChatTelemetry), typeof(GoogleCloudTelemetry), typeof(DatabaseMetrics) })
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        listener.Start();

        // Each queue measures its delay.
        Assert.Equal(code.Distinct().Order(StringComparer.Ordinal), Names("Metrics"));
    }

    [Fact]
    public void EverySpanIsOnThePage()
    {
        var code = Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => SpanName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));

        // The operations of Firestore are its spans' names.
        Assert.Equal(code.Concat(["commit", "count", "get", "query"]).Distinct().Order(StringComparer.Ordinal), Names("Spans"));
    }

    [Fact]
    public void EveryAttributeIsOnThePage()
    {
        var code = typeof(TelemetryNames).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!).Where(name => name != TelemetryNames.Other);

        Assert.Equal(code.Order(StringComparer.Ordinal), Names("Attributes"));
    }

    [Fact]
    public void EverySourceAndMeterIsOnThePage() => Assert.All(
        TelemetryExport.Sources.Concat(TelemetryExport.Meters),
        name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));

    /// <summary>The names in the first column of a section's tables, in their order.</summary>
    private static IEnumerable<string> Names(string section)
    {
        var start = Page.IndexOf($"## {section}\n", StringComparison.Ordinal);
        var end = Page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return Page[start..(end < 0 ? Page.Length : end)].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => InCode().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value))
            .Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"StartActivity\(\s*(?:model is null \? Chat : )?\$?""([^""]+)""")]
    private static partial Regex SpanName();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InCode();
}
