using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>
/// Which project is deployed. What is uploaded of one outside this tree: <see cref="SecondDeploymentTests"/>, <see cref="ContainerTests"/>.
/// </summary>
public sealed class ProjectFileTests
{
    private const string Nothing = """<Project Sdk="Microsoft.NET.Sdk" />""";

    [SkippableFact]
    public async Task AProjectOutsideTheTreeIsBuiltFromItsOwnFolder()
    {
        using var mine = new OwnProject();
        foreach (var path in new[] { mine.Folder, mine.Folder + "/", Path.Combine(mine.Folder, "Mine.csproj") })
        {
            var run = await DryRunAsync("--project-file", path);
            Assert.Contains($"--source={mine.Folder} ", run.Output, StringComparison.Ordinal);
            Assert.Contains("GOOGLE_BUILDABLE=Mine.csproj,", run.Output, StringComparison.Ordinal);
        }

        var settings = mine.Write("mine.env", "PROJECT_FILE=Mine.csproj\nCONTAINER=true\n");
        var container = await DryRunAsync("--config", settings);
        Assert.Contains($"gcloud builds submit {mine.Folder} ", container.Output, StringComparison.Ordinal);
        Assert.Contains(",_PROJECT_FILE=Mine.csproj ", container.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task AProjectOfTheTreeIsBuiltFromTheTree()
    {
        var run = await DryRunAsync("--project-file=functions/Agent/Agent.csproj", "--container");
        Assert.Contains($"gcloud builds submit {Functions.Tests.Support.Repository.Root} ", run.Output, StringComparison.Ordinal);
        Assert.Contains(",_PROJECT_FILE=functions/Agent/Agent.csproj ", run.Output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("there is no such file or folder", "no/such/Project.csproj")]
    [InlineData("that folder has no project (.csproj)", "Tools")]
    [InlineData("that folder has 2 projects; name one of them", "Two")]
    [InlineData("name a project (.csproj), or its folder", "Program.cs")]
    [InlineData("Nothing.csproj does not reference the package ServerlessA2A.Functions", "Two/Nothing.csproj")]
    [InlineData("Reaching.csproj references something outside its folder", "Reaching/Reaching.csproj")]
    [InlineData("letters, digits", "Odd/My Agent.csproj")]
    public async Task AProjectThatCannotBeDeployedIsNamed(string fault, string path)
    {
        GoogleCloudSdk.Require();
        using var mine = new OwnProject();
        mine.Write("Two/Nothing.csproj", Nothing);
        mine.Write("Two/Other.csproj", Nothing);
        mine.Write("Reaching/Reaching.csproj", """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><ProjectReference Include="../Mine.csproj" /></ItemGroup></Project>""");
        mine.Write("Odd/My Agent.csproj", "ServerlessA2A.Functions");
        await AssertRefusedAsync(fault, Path.Combine(mine.Folder, path));
    }

    [SkippableFact]
    public async Task AProjectOfTheTreeThatIsNotUploadedIsNamed() =>
        await AssertRefusedAsync(".gcloudignore excludes from the upload", "tests/ServerlessA2A.TestAgent");

    private static async Task AssertRefusedAsync(string fault, string path)
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        var run = await Script.RunAsync(google, "up", "--project", "my-project", "--project-file", path);
        Assert.True(run.ExitCode == 1, $"{run}");
        Assert.Contains(fault, Assert.Single(run.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Contains(
            $"PROJECT_FILE is '{(path[0] == '/' ? path : Functions.Tests.Support.Repository.Root + "/" + path)}'", run.Errors,
            StringComparison.Ordinal);
        Assert.Empty(run.Writes);
    }

    private static async Task<ScriptRun> DryRunAsync(params string[] arguments)
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        var run = await Script.RunAsync(google, ["up", "--dry-run", "--project", "my-project", .. arguments]);
        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Empty(run.Writes);
        return run;
    }
}
