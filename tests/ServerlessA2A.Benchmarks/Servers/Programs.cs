using System.Diagnostics;

namespace ServerlessA2A.Benchmarks.Servers;

/// <summary>The two programs as they are published, in <c>artifacts/benchmarks</c>.</summary>
/// <param name="Ours">The functions, all in one process: the local host.</param>
/// <param name="Reference">The trivial function.</param>
internal sealed record Programs(ServerProgram Ours, ServerProgram Reference)
{
    /// <summary>One function alone, as it is deployed.</summary>
    public ServerProgram Function(string name) =>
        Ours with { Arguments = [], Variables = [.. Ours.Variables, ("FUNCTION_TARGET", "ServerlessA2A.Functions." + name)] };

    private static readonly string[] ReadyToRun = ["-p:RuntimeIdentifier=linux-x64", "-p:SelfContained=false", "-p:PublishReadyToRun=true"];

    /// <summary>What a function has that sets nothing. Numbers in these variables are hexadecimal: 100 ms.</summary>
    private static readonly (string, string)[] DefaultRuntime = [("DOTNET_TieredPGO", "1"), ("DOTNET_TC_CallCountingDelayMs", "64")];

    public static async Task<Programs> PublishAsync(Options options)
    {
        var root = FindRoot();
        var output = Path.Combine(root, "artifacts", "benchmarks");
        var programs = new Programs(
            // A deployed function prints no line per request, and neither does the reference.
            new ServerProgram("ours", Path.Combine(output, "ours", "Agent.dll"), ["--quiet"], []),
            // Ours does this by itself; with it the reference starts in half the time in a large directory.
            new ServerProgram("reference", Path.Combine(output, "reference", "ServerlessA2A.Benchmarks.Reference.dll"), [],
                [("DOTNET_hostBuilder__reloadConfigOnChange", "false"), .. options.DefaultRuntime ? DefaultRuntime : []]));
        if (options.KeepPublished)
            return programs;
        await PublishAsync(root, "functions/Agent", programs.Ours, options);
        await PublishAsync(root, "tests/ServerlessA2A.Benchmarks/Reference", programs.Reference, options);
        return programs;
    }

    /// <summary>Builds in a place of its own: a build that goes on in the tree at the same time is not disturbed.</summary>
    private static async Task PublishAsync(string root, string project, ServerProgram program, Options options)
    {
        var folder = Path.GetDirectoryName(program.Assembly)!;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-o", folder, "--artifacts-path", Path.Combine(root, "artifacts", "benchmarks", "build"),
            "-nologo", "-v:q", "-nodeReuse:false", .. options.ReadyToRun ? ReadyToRun : [],
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = root })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed.");
    }

    public static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessA2A.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("ServerlessA2A.sln is in no folder above this program.");
    }
}
