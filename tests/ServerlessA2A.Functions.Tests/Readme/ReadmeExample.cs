using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Readme;

/// <summary>A curl line of README.md and the answer that stands below it.</summary>
internal sealed partial record ReadmeExample(string Command, string Answer)
{
    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<ReadmeExample> ReadAll() =>
        [.. Example().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n"))
            .Select(match => new ReadmeExample(match.Groups["command"].Value, match.Groups["answer"].Value))];

    /// <summary>Whether the command only reads, so that it may be given again until the task has gone on.</summary>
    public bool OnlyReads => !Command.Contains(" -d ", StringComparison.Ordinal);

    /// <summary>Gives the command to a shell, with another address and without jq, which only makes JSON readable.</summary>
    public async Task<string> RunAsync(Uri address)
    {
        var command = Command.Replace("localhost:8080", address.Authority, StringComparison.Ordinal)
            .Replace(" | jq", "", StringComparison.Ordinal);
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }

    /// <summary>The text without what differs from run to run: ids that the server makes (each becomes its number) and moments.</summary>
    public static string Comparable(string text)
    {
        var ids = new Dictionary<string, string>();
        var told = Moment()
            .Replace(ServerMadeId()
            .Replace(text, id => ids.TryGetValue(id.Value, out var known) ? known : ids[id.Value] = $"id-{ids.Count}"), "moment");
        return told.TrimStart() is ['{', ..] ? JsonNode.Parse(told)!.ToJsonString() : told.Trim();
    }

    [GeneratedRegex(@"```sh\n(?<command>curl [^\n]+)\n```\n\n```(json|text)\n(?<answer>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex ServerMadeId();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")]
    private static partial Regex Moment();
}
