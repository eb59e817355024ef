using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Tool.Tests;

/// <summary>The tool as its users install it: from a feed.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("a2a-tool-");

    [Fact]
    public async Task TheToolIsInstalledFromAFeedAndRuns()
    {
        await using var host = await AgentHost.StartAsync();
        var feed = Path.Combine(_folder.FullName, "feed");
        await DotnetAsync("pack", Tool.Project, "--no-build", "-c", Tool.Configuration, "-o", feed, "-nologo", "-v:q");
        // No other feed is asked, so that nothing but the package is needed.
        var config = Path.Combine(_folder.FullName, "nuget.config");
        await File.WriteAllTextAsync(
            config, $"""<configuration><packageSources><clear /><add key="feed" value="{feed}" /></packageSources></configuration>""");
        var tools = Path.Combine(_folder.FullName, "tools");
        await DotnetAsync(
            "tool", "install", "ServerlessA2A.Tool", "--tool-path", tools, "--configfile", config, "--prerelease", "-v:q");

        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? Path.GetDirectoryName(Environment.ProcessPath)!;
        using var process = Tool.Start(Path.Combine(tools, "a2a"), ["send", host.Address!.AbsoluteUri, "hello"], ("DOTNET_ROOT", root));
        var result = await Tool.EndAsync(process, null);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("hello", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task DotnetAsync(params string[] arguments)
    {
        var packages = Path.Combine(_folder.FullName, "packages");
        var variables = arguments[0] == "tool" ? new[] { ("NUGET_PACKAGES", packages), ("DOTNET_CLI_HOME", _folder.FullName) } : [];
        var result = await Tool.EndAsync(Tool.Start("dotnet", arguments, variables), null);
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{result.Output}{result.Errors}");
    }
}
