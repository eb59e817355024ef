using System.Text.RegularExpressions;

namespace ServerlessA2A.Tests.Architecture;

/// <summary>Code fits into 140 columns. Raw strings are exempt, whose text has lines of its own, and so are
/// keys and hashes, which have no place to break.</summary>
public partial class LineLengthTests
{
    private const int Longest = 140;

    [Theory]
    [InlineData("functions")]
    [InlineData("samples")]
    [InlineData("templates")]
    [InlineData("tests")]
    public void NoLineIsLongerThan140Characters(string folder)
    {
        var files = Directory.EnumerateFiles(Path.Combine(WordsTests.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj")).ToList();

        Assert.NotEmpty(files);
        var found = string.Join('\n', files.SelectMany(file => TooLong(File.ReadAllLines(file))
            .Select(line => $"{Path.GetRelativePath(WordsTests.Root, file)}:{line}")));
        Assert.True(found.Length == 0, found);
    }

    [Fact]
    public void LinesOfRawStringsAreExempt()
    {
        var text = new string('x', Longest + 1);
        Assert.Equal([1, 6], TooLong([text, "var a = \"\"\"", text, "\"\"\";", "var b = 1;", text]));
    }

    [Fact]
    public void AStringWithoutAPlaceToBreakIsExempt()
    {
        var key = new string('x', Longest);
        Assert.Equal([2], TooLong([$"    \"{key}\");", $"    \"{key} {key}\");"]));
    }

    /// <summary>The numbers of the lines that are too long.</summary>
    private static IEnumerable<int> TooLong(string[] lines)
    {
        var isRaw = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var quotes = lines[i].Split("\"\"\"").Length - 1;
            if (!isRaw && quotes == 0 && lines[i].Length > Longest && !Indivisible().IsMatch(lines[i]))
                yield return i + 1;
            isRaw ^= quotes % 2 == 1;
        }
    }

    [GeneratedRegex("""^\s*"[\w-]+"\W*$""")]
    private static partial Regex Indivisible();
}
