using System.Text.RegularExpressions;

namespace ServerlessA2A.Tests.Architecture;

/// <summary>Phrases that must not come back into documentation, script output, settings and log messages.</summary>
public partial class WordsTests
{
    [Fact]
    public void DocumentationUsesNoForbiddenPhrases() => AssertNone(Texts().SelectMany(file => Violations(file, File.ReadAllText(file))));

    [Fact]
    public void LogMessagesAndSettingsUseNoForbiddenPhrases() => AssertNone(
        Sources().SelectMany(file => Violations(file, Path.GetFileName(file).EndsWith("Options.cs", StringComparison.Ordinal)
            ? DocComments(File.ReadAllText(file))
            : LogMessages(File.ReadAllText(file)))));

    /// <summary>The two tests above are worthless if they read nothing.</summary>
    [Fact]
    public void AllKindsOfTextsAreRead()
    {
        var texts = Texts().Select(file => Path.GetRelativePath(Root, file)).ToList();
        Assert.Contains("README.md", texts);
        Assert.Contains("deploy.sh", texts);
        Assert.Contains(Path.Combine("docs", "configuration.md"), texts);
        Assert.Contains(Path.Combine("deploy", "settings.sh"), texts);
        Assert.True(Sources().Sum(file => LogMessage().Count(File.ReadAllText(file))) > 50);
        Assert.Contains(Sources(), file => Path.GetFileName(file) == "TaskOptions.cs");
    }

    [Theory]
    [InlineData("60 s unless\nset; 0 for none.", "file.md:1: unless set")]
    [InlineData("One.\nThe model is told.", "file.md:2: is told")]
    [InlineData("The client was asked.\n\nIt must be said\nwho calls.", "file.md:3: be said", "file.md:4: who calls")]
    [InlineData("The default is 60 s.")]
    public void AViolationHasItsFileAndLine(string text, params string[] expected) =>
        Assert.Equal(expected, Violations(Path.Combine(Root, "file.md"), text));

    internal static string Root { get; } = FindRoot();

    private static void AssertNone(IEnumerable<string> violations)
    {
        var found = string.Join('\n', violations);
        Assert.True(found.Length == 0, found);
    }

    private static IEnumerable<string> Texts() =>
        Directory.EnumerateFiles(Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "functions"), "README.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "deploy"), "*.sh"))
            .Append(Path.Combine(Root, "deploy.sh"));

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Root, "functions"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    /// <summary>Finds forbidden phrases, also across line ends, and names the file and the line where each begins.</summary>
    private static IEnumerable<string> Violations(string file, string text) =>
        Forbidden().Matches(text).Select(match =>
            $"{Path.GetRelativePath(Root, file)}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {Blanks().Replace(match.Value, " ")}");

    /// <summary>The text without everything else, at the same positions.</summary>
    private static string LogMessages(string source) => Only(LogMessage(), source);

    /// <inheritdoc cref="LogMessages"/>
    private static string DocComments(string source) => Only(DocComment(), source);

    private static string Only(Regex wanted, string source)
    {
        var text = source.Select(character => character == '\n' ? '\n' : ' ').ToArray();
        foreach (Match match in wanted.Matches(source))
            match.Value.CopyTo(0, text, match.Index, match.Length);
        return new string(text);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessA2A.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run outside of their source tree.");
    }

    [GeneratedRegex(
        """
        \bunless\s+(set|given)\b
        |\b(is|are|was|were|be|been)\s+(told(?!\s+apart)|said)\b
        |\bwho(ever)?\s+calls\b
        |\bgoes\s+on\s+without\b
        |\bcan(not|'t)?\s+be\s+had\b
        |\bas\s+(many|much|often)\s+as\s+(you|they|it)\s+may\b
        |\b(is|are)\s+forgotten\b
        |\bleft\s+behind\b
        |\bproves?\s+who\b
        |\bcomes?\s+again\b
        |\blast\s+word\b
        |\bits\s+own\s+way\b
        |\bcan't\b
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Forbidden();

    [GeneratedRegex("""(?<=\[LoggerMessage\()[^\]]*(?=\)\])""")]
    private static partial Regex LogMessage();

    [GeneratedRegex("(?<=///).*")]
    private static partial Regex DocComment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
