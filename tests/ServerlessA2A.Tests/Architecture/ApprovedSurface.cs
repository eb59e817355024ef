using System.Reflection;

namespace ServerlessA2A.Tests.Architecture;

/// <summary>
/// A package's public surface is written down beside its tests, so that a change of it is seen in review. To approve a change:
/// <c>APPROVE_SURFACE=1 dotnet test --filter ApprovedSurface</c>.
/// </summary>
internal static class ApprovedSurface
{
    /// <summary>
    /// Compares the surface of a package with the approved one, which lies in the folder Architecture of the tests' project.
    /// </summary>
    public static void Check(Assembly package, string testProject)
    {
        var surface = PublicSurface.Of(package);
        var file = Path.Combine(SourceFolder(testProject), $"{package.GetName().Name}.approved.txt");
        if (Environment.GetEnvironmentVariable("APPROVE_SURFACE") == "1")
            File.WriteAllText(file, surface);
        Assert.True(File.Exists(file), $"{file} is missing; APPROVE_SURFACE=1 writes it.");

        var difference = Difference(Qualified(File.ReadAllText(file)), Qualified(surface));

        Assert.True(difference.Length == 0, $"The public surface has changed; APPROVE_SURFACE=1 approves it.\n{difference}");
    }

    public static string Difference(IReadOnlyList<string> approved, IReadOnlyList<string> found) => string.Join('\n',
        approved.Except(found).Select(line => "- " + line).Concat(found.Except(approved).Select(line => "+ " + line)));

    /// <summary>Each member with its type, so that lines can be compared as a set.</summary>
    public static List<string> Qualified(string surface)
    {
        var (lines, type) = (new List<string>(), "");
        foreach (var line in surface.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith(' '))
                type = line;
            lines.Add(line == type ? type : $"{type} | {line.Trim()}");
        }

        return lines;
    }

    /// <summary>Where the tests' sources are: the tests run from a folder below.</summary>
    private static string SourceFolder(string testProject)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, $"{testProject}.csproj")))
                return Directory.CreateDirectory(Path.Combine(folder.FullName, "Architecture")).FullName;
        }

        throw new DirectoryNotFoundException("The tests run outside of their source tree.");
    }
}
