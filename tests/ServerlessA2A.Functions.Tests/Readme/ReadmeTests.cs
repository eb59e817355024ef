using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Readme;

/// <summary>
/// README.md is what newcomers try first: its curl lines are run, and its agent and its tool are those that are compiled.
/// </summary>
public class ReadmeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task EachCurlLineAnswersWhatStandsBelowIt()
    {
        await using var program = RunningProgram.Start(Programs.Agent);
        var address = await program.AddressAsync();
        var examples = ReadmeExample.ReadAll();

        foreach (var example in examples)
        {
            var expected = ReadmeExample.Comparable(example.Answer);
            var answer = ReadmeExample.Comparable(await example.RunAsync(address));
            using var patience = new CancellationTokenSource(Patience);
            while (example.OnlyReads && answer != expected && !patience.IsCancellationRequested)
                answer = ReadmeExample.Comparable(await example.RunAsync(address));
            Assert.Equal(expected, answer);
        }

        Assert.True(examples.Count >= 6, $"README.md has {examples.Count} curl lines with answers; has their form changed?");
        Assert.Empty(program.LoggedErrors);
    }

    [Theory]
    [InlineData("OwnAgent/ShoutingAgent.cs", "public sealed class ShoutingAgent")]
    [InlineData("OwnAgent/Program.cs", "return await")]
    [InlineData("Tools/Flights.cs", "public static class Flights")]
    [InlineData("Tools/Program.cs", "var builder")]
    public void WhatIsShownIsWhatIsCompiled(string file, string from)
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "samples", file)).ReplaceLineEndings("\n");
        var shown = source[source.IndexOf(from, StringComparison.Ordinal)..].TrimEnd();

        Assert.Contains(
            $"```csharp\n{shown}\n```", File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
    }
}
