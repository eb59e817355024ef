using System.Text.Json;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>What a user gets: the packed packages, in a project outside this tree with its own <c>appsettings.json</c>.</summary>
public sealed class PackageTests
{
    private static readonly string[] Packages = ["ServerlessA2A", "ServerlessA2A.GoogleCloud", "ServerlessA2A.Functions"];

    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="ServerlessA2A.Functions" Version="*-*" />
          </ItemGroup>
        </Project>
        """;

    private const string Program =
        """
        using System.Runtime.CompilerServices;
        using ServerlessA2A.Agents;
        using ServerlessA2A.Functions;

        var builder = A2AFunctions.CreateBuilder(args);
        builder.AddAgent<EchoAgent>();
        return await builder.Build().RunAsync();

        public sealed class EchoAgent : IAgent
        {
            public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                await Task.Yield();
                yield return AgentUpdate.Artifact("echo", context.Text);
            }
        }
        """;

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    [Fact]
    public async Task AProjectOutsideTheTreeBuildsPublishesRunsAndIsTunedByThePackages()
    {
        var folder = Directory.CreateTempSubdirectory("a2a-packages-");
        try
        {
            var feed = Path.Combine(folder.FullName, "feed");
            foreach (var project in Packages.Select(name => Path.Combine("functions", name)).Concat(StandIns()))
                await RunAsync(Repository.Root, "pack", project, "-c", Configuration, "-o", feed, "--no-build", "-p:IsPackable=true", "-nologo", "-v:q");

            var mine = Directory.CreateDirectory(Path.Combine(folder.FullName, "Mine")).FullName;
            await File.WriteAllTextAsync(Path.Combine(mine, "Mine.csproj"), Project);
            await File.WriteAllTextAsync(Path.Combine(mine, "Program.cs"), Program);
            await File.WriteAllTextAsync(Path.Combine(mine, "appsettings.json"), """{"A2A":{"Agent":{"Name":"Mine","Description":"d","Version":"1"}}}""");
            await RunAsync(mine, "build", "-c", Configuration, "-nologo", "-v:q", $"-p:RestoreAdditionalProjectSources={feed}");

            var settings = await File.ReadAllTextAsync(Path.Combine(mine, "bin", Configuration, "net10.0", "Mine.runtimeconfig.json"));
            var agent = Path.Combine(Repository.Root, "functions", "Agent", "bin", Configuration, "net10.0", "Agent.runtimeconfig.json");
            Assert.Equal(Runtime(await File.ReadAllTextAsync(agent)), Runtime(settings));

            var published = Path.Combine(folder.FullName, "published");
            await RunAsync(mine, "publish", "-c", Configuration, "--no-build", "-o", published, "-nologo", "-v:q");
            Assert.Equal(settings, await File.ReadAllTextAsync(Path.Combine(published, "Mine.runtimeconfig.json")));
            Assert.Contains("\"Mine\"", await File.ReadAllTextAsync(Path.Combine(published, "appsettings.json")), StringComparison.Ordinal);

            await using var program = RunningProgram.Start(mine, target: null);
            using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
            Assert.Contains("\"name\":\"Mine\"", await client.GetStringAsync("/.well-known/agent-card.json"), StringComparison.Ordinal);
            using var message = new StringContent(
                """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"Hello"}]}}""", System.Text.Encoding.UTF8, "application/json");
            using var response = await client.PostAsync("/message:send", message);
            Assert.Contains("\"text\":\"Hello\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The stand-ins under the ids of the real packages, where this build uses them; otherwise the feeds have the real ones.</summary>
    private static IEnumerable<string> StandIns() =>
        from folder in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "google-packages"))
        let name = Path.GetFileName(folder)
        where File.Exists(Path.Combine(folder, "bin", Configuration, "net10.0", name + ".dll"))
        select Path.Combine("google-packages", name);

    private static string Runtime(string settings)
    {
        using var json = JsonDocument.Parse(settings);
        return json.RootElement.GetProperty("runtimeOptions").GetRawText();
    }

    /// <summary>With a package folder of its own: stand-ins must not be found by another build under the real packages' ids.</summary>
    private static async Task RunAsync(string folder, params string[] arguments)
    {
        var start = Script.Piped("dotnet", arguments);
        start.WorkingDirectory = folder;
        if (folder != Repository.Root)
            start.Environment["NUGET_PACKAGES"] = Path.Combine(Directory.GetParent(folder)!.FullName, "packages");
        // A test runner's own MSBuild settings are not those of a build.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        var (exitCode, output, errors) = await Script.RunAsync(start);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}{errors}");
    }
}
