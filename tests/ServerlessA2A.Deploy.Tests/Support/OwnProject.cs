namespace ServerlessA2A.Deploy.Tests.Support;

/// <summary>A project outside this tree that references the package, with what a build leaves behind.</summary>
internal sealed class OwnProject : IDisposable
{
    private const string Referencing = """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="ServerlessA2A.Functions" Version="1.0.0" /></ItemGroup></Project>""";

    private static readonly Lazy<OwnProject> Lazily = new(() =>
    {
        var mine = new OwnProject();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => mine.Dispose();
        return mine;
    });

    /// <summary>What is uploaded of it.</summary>
    public static readonly string[] Uploaded = ["Mine.csproj", "Program.cs", "Tools/Weather.cs"];

    public OwnProject(string project = Referencing)
    {
        Write("Mine.csproj", project);
        foreach (var file in new[] { "Program.cs", "Tools/Weather.cs", "bin/Debug/Mine.dll", "obj/project.assets.json", "Tools/obj/x",
            ".git/HEAD", ".env" })
            Write(file, "");
    }

    /// <summary>
    /// One that all tests may deploy, and none may change. For those to which it does not matter what is deployed: gcloud takes a third of
    /// a second to list the files of this tree, and half a second to pack them.
    /// </summary>
    public static string Shared => Lazily.Value.Folder;

    public string Folder { get; } = Directory.CreateTempSubdirectory("a2a-mine-").FullName;

    public string Write(string name, string content)
    {
        var file = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
