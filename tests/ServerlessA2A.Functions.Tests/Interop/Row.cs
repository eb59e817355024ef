using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Interop;

/// <summary>
/// The rows of tests/interop/rows.json: each scenario with each SDK that knows it, over each binding. Told apart by their ids.
/// </summary>
internal static class Row
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "interop");

    public static IEnumerable<string> All()
    {
        using var rows = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "rows.json")));
        var root = rows.RootElement.Clone();
        return
            from sdk in Strings(root.GetProperty("sdks"))
            from binding in Strings(root.GetProperty("bindings"))
            from scenario in root.GetProperty("scenarios").EnumerateArray()
            where !scenario.TryGetProperty("sdks", out var known) || Strings(known).Contains(sdk)
            where !scenario.TryGetProperty("bindings", out var bound) || Strings(bound).Contains(binding)
            where !scenario.TryGetProperty("not", out var lost) || !Strings(lost).Contains($"{sdk}/{binding}")
            select $"{sdk}/{binding}/{scenario.GetProperty("name").GetString()}";
    }

    private static IEnumerable<string> Strings(JsonElement array) => array.EnumerateArray().Select(each => each.GetString()!);
}
