using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

public sealed class ScriptTests
{
    [SkippableFact]
    public async Task Shellcheck_finds_nothing()
    {
        GoogleCloudSdk.RequireProgram("shellcheck", "shellcheck is missing: it reads deploy.sh (https://www.shellcheck.net).");
        var (exitCode, output, errors) = await Script.RunAsync(Script.Piped("shellcheck", ["-x", "deploy.sh"]));
        Assert.True(exitCode == 0, output + errors);
    }

    [Fact]
    public async Task Help_names_every_setting_and_option()
    {
        var (exitCode, help, _) = await Script.RunAsync(Script.Piped("bash", ["deploy.sh", "--help"]));
        Assert.Equal(0, exitCode);
        var settings = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "deploy", "settings.sh"))).Single(line => line.StartsWith("known_settings=", StringComparison.Ordinal));
        Assert.All(settings.Split('\'')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries), name => Assert.Contains(name, help, StringComparison.Ordinal));
        var script = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy.sh"));
        var options = script[script.IndexOf("while [ $# -gt 0 ]", StringComparison.Ordinal)..].Split(' ', '|', ')', '\n', ',')
            .Where(word => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2 && word[2..].All(each => char.IsAsciiLetterLower(each) || each == '-')).Distinct();
        Assert.All(options, option => Assert.Contains(option, help, StringComparison.Ordinal));
    }

    /// <summary>macOS has bash 3.2.</summary>
    [Theory]
    [InlineData("declare -A")]
    [InlineData("mapfile")]
    [InlineData("readarray")]
    [InlineData(",,}")]
    [InlineData("^^}")]
    [InlineData("wait -n")]
    [InlineData("local -n")]
    public async Task Nothing_needs_a_newer_bash_than_macOS_has(string newer)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy"), "*.sh").Append(Path.Combine(Repository.Root, "deploy.sh")))
            Assert.DoesNotContain(newer, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }
}
