using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Readme;

/// <summary>README.md is what newcomers try first: its curl lines are run, and its agent is the one that is compiled.</summary>
public class ReadmeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task EachCurlLineAnswersWhatStandsBelowIt()
    {
        await using var program = RunningProgram.Start(Programs.Functions);
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
    [InlineData("ShoutingAgent.cs", "public sealed class ShoutingAgent")]
    [InlineData("Program.cs", "return await")]
    public void TheAgentThatIsShownIsTheOneThatIsCompiled(string file, string from)
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "ServerlessA2A.SampleAgent", file)).ReplaceLineEndings("\n");
        var shown = source[source.IndexOf(from, StringComparison.Ordinal)..].TrimEnd();

        Assert.Contains($"```csharp\n{shown}\n```", File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
