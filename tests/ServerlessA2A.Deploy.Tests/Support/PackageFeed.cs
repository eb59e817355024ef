using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests.Support;

/// <summary>The packages of this tree in a folder, as a user finds them on a feed, and a place outside the tree to use them in.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private static readonly string[] Packed =
    [
        "functions/ServerlessA2A.Protocol", "functions/ServerlessA2A.Client", "functions/ServerlessA2A.Client.AspNetCore",
        "functions/ServerlessA2A.Client.Grpc", "functions/ServerlessA2A.Tool",
        "functions/ServerlessA2A", "functions/ServerlessA2A.AgentFramework", "functions/ServerlessA2A.Chat",
        "functions/ServerlessA2A.GoogleCloud", "functions/ServerlessA2A.Grpc", "functions/ServerlessA2A.PostgreSql",
        "functions/ServerlessA2A.Functions", "templates",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("a2a-packages-");

    /// <summary>How this run was built: the packages are made of what it has tested.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The folder with the packages.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "feed");

    public async Task InitializeAsync()
    {
        // One build packs them all: a "dotnet pack" for each would start ten times.
        var build = System.IO.Path.Combine(_folder.FullName, "pack.proj");
        await File.WriteAllTextAsync(build, $"""
            <Project>
              <ItemGroup>
                <Packed Include="{string.Join(';', Packed.Concat(StandIns()).Select(folder => Directory.GetFiles(System.IO.Path.Combine(Repository.Root, folder), "*.csproj").Single()))}" />
              </ItemGroup>
              <Target Name="Pack">
                <MSBuild Projects="@(Packed)" Targets="Pack" BuildInParallel="true" Properties="NoBuild=true;IsPackable=true;Configuration={Configuration};PackageOutputPath={Path}" />
              </Target>
            </Project>
            """);
        await RunAsync(Repository.Root, "msbuild", build, "-t:Pack", "-m", "-nologo", "-v:q");
        await RunAsync(_folder.FullName, "new", "install", Directory.GetFiles(Path, "ServerlessA2A.Templates.*.nupkg").Single());
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A folder outside the tree.</summary>
    public string NewFolder(string name) => _folder.CreateSubdirectory(name).FullName;

    /// <summary>
    /// Runs <c>dotnet</c> where nothing of this machine's user is found: neither packages, since stand-ins have the ids of real ones, nor
    /// templates.
    /// </summary>
    public async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var start = Script.Piped("dotnet", arguments);
        start.WorkingDirectory = folder;
        if (folder != Repository.Root)
        {
            start.Environment["NUGET_PACKAGES"] = System.IO.Path.Combine(_folder.FullName, "packages");
            start.Environment["DOTNET_CLI_HOME"] = NewFolder("home");
            start.Environment["RestoreAdditionalProjectSources"] = Path;
        }

        // A test runner's own MSBuild settings are not those of a build.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        var (exitCode, output, errors) = await Script.RunAsync(start);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}{errors}");
        return output;
    }

    /// <summary>
    /// The stand-ins under the ids of the real packages, where this build uses them; otherwise the feeds have the real ones.
    /// </summary>
    private static IEnumerable<string> StandIns() =>
        from folder in Directory.EnumerateDirectories(System.IO.Path.Combine(Repository.Root, "google-packages"))
        let name = System.IO.Path.GetFileName(folder)
        where File.Exists(System.IO.Path.Combine(folder, "bin", Configuration, "net10.0", name + ".dll"))
        select System.IO.Path.Combine("google-packages", name);
}
