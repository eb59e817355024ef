using ServerlessA2A.Protocol;

namespace ServerlessA2A.Tests.Architecture;

/// <summary>
/// The engine's public surface is written down, so that a change of it is seen in review. To approve a change:
/// <c>APPROVE_SURFACE=1 dotnet test --filter ApprovedSurface</c>.
/// </summary>
public class ApprovedSurfaceTests
{
    private const string FileName = "ServerlessA2A.approved.txt";

    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasApproved()
    {
        var surface = PublicSurface.Of(typeof(A2ATask).Assembly);
        var file = Path.Combine(SourceFolder(), FileName);
        if (Environment.GetEnvironmentVariable("APPROVE_SURFACE") == "1")
            File.WriteAllText(file, surface);
        Assert.True(File.Exists(file), $"{file} is missing; APPROVE_SURFACE=1 writes it.");

        var difference = Difference(Qualified(File.ReadAllText(file)), Qualified(surface));

        Assert.True(difference.Length == 0, $"The public surface has changed; APPROVE_SURFACE=1 approves it.\n{difference}");
    }

    [Fact]
    public void ADifferenceIsToldMemberByMember() => Assert.Equal(
        "- class A | ctor()\n+ class A | void New()\n+ class B",
        Difference(Qualified("class A\n    ctor()\n    int X\n"), Qualified("class A\n    int X\n    void New()\nclass B\n")));

    [Fact]
    public void TheSurfaceNamesWhatUsersDependOn()
    {
        var surface = PublicSurface.Of(typeof(A2ATask).Assembly);
        Assert.Contains("interface ServerlessA2A.Agents.IAgent\n    IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, CancellationToken cancellationToken)\n", surface, StringComparison.Ordinal);
        Assert.Contains("\n    required String MessageId { get; init; }\n", surface, StringComparison.Ordinal);
        Assert.DoesNotContain("TaskRun\n", surface, StringComparison.Ordinal);
    }

    private static string Difference(IReadOnlyList<string> approved, IReadOnlyList<string> found) => string.Join('\n',
        approved.Except(found).Select(line => "- " + line).Concat(found.Except(approved).Select(line => "+ " + line)));

    /// <summary>Each member with its type, so that lines can be compared as a set.</summary>
    private static List<string> Qualified(string surface)
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

    /// <summary>Where this file is: the test runs from a folder below.</summary>
    private static string SourceFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessA2A.Tests.csproj")))
                return Path.Combine(folder.FullName, "Architecture");
        }

        throw new DirectoryNotFoundException("The tests run outside of their source tree.");
    }
}
