using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Log;

public class ArtifactListTests
{
    [Fact]
    public void ArtifactsStandInTheOrderOfTheirFirstAppearance()
    {
        var artifacts = Fold(Chunk("b", "1"), Chunk("a", "2"), Chunk("b", "3", append: true), Chunk("a", "4"));
        Assert.Equal(["b:13", "a:4"], artifacts.Select(artifact => $"{artifact.ArtifactId}:{artifact.Parts[0].Text}"));
    }

    [Fact]
    public void TextAppendedToTextOfTheSameTypeIsOnePart() =>
        Assert.Equal("""[{"text":"abc"}]""", Parts(Chunk("a", "a"), Chunk("a", "b", append: true), Chunk("a", "c", append: true)));

    [Fact]
    public void ThePartsOfTheFirstChunkStayApart() =>
        Assert.Equal("""[{"text":"a"},{"text":"bc"}]""", Parts(Update("a", false, Text("a"), Text("b")), Chunk("a", "c", append: true)));

    [Fact]
    public void TextThatIsOfAnotherTypeOrNamedOrTaggedStaysApart() =>
        Assert.Equal(
            """[{"text":"a"},{"text":"b","mediaType":"text/html"},{"text":"c","filename":"f"},{"text":"d"}]""",
            Parts(Chunk("a", "a"),
            Update("a", true, Text("b") with { MediaType = "text/html" }, Text("c") with { Filename = "f" }, Text("d"))));

    [Fact]
    public void OtherContentBetweenTextsKeepsThemApart() =>
        Assert.Equal(
            """[{"text":"a"},{"url":"https://x.example"},{"text":"bc"}]""",
            Parts(Chunk("a", "a"), Update("a", true, Part.FromUri("https://x.example")), Chunk("a", "b", append: true),
            Chunk("a", "c", append: true)));

    [Fact]
    public void AChunkMayRenameItsArtifactAndAddToItsMetadata()
    {
        var first = new ArtifactUpdated
        {
            Artifact = new Artifact
            {
                ArtifactId = "a",
                Name = "n",
                Description = "d",
                Parts = [Text("a")],
                Extensions = ["urn:x"]
            }
        };
        var second = Chunk("a", "b", append: true);
        var artifact = Assert.Single(Fold(first, second with { Artifact = second.Artifact with { Name = "m" } }));
        Assert.Equal(("m", "d", "urn:x"), (artifact.Name, artifact.Description, artifact.Extensions![0]));
    }

    [Fact]
    public void AnAppendToNothingBeginsTheArtifact() => Assert.Equal("""[{"text":"a"}]""", Parts(Chunk("a", "a", append: true)));

    [Fact]
    public void TheGivenListStaysAsItIs()
    {
        IReadOnlyList<Artifact> before = Fold(Chunk("a", "a"));
        var after = new ArtifactList(before);
        after.Add(Chunk("a", "b", append: true));
        Assert.Equal("ab", after.ToList()[0].Parts[0].Text);
        Assert.Equal("a", before[0].Parts[0].Text);
    }

    [Fact]
    public void ItGrowsOnAfterItWasRead()
    {
        var artifacts = new ArtifactList(null);
        artifacts.Add(Chunk("a", "a"));
        var first = artifacts.ToList();
        artifacts.Add(Chunk("a", "b", append: true));
        var second = artifacts.ToList();
        artifacts.Add(Chunk("a", "c", append: true));
        Assert.Equal(["a", "ab", "abc"], new[] { first, second, artifacts.ToList() }.Select(list => list[0].Parts[0].Text));
    }

    [Fact]
    public void AHundredThousandChunksAreFoldedInTimeProportionalToTheirLength()
    {
        // Quadratic work would be 10 GB of copies here: minutes, where this takes milliseconds.
        var artifacts = new ArtifactList(null);
        for (var i = 0; i < 100_000; i++)
            artifacts.Add(Chunk("a", "ab", append: i > 0));
        Assert.Equal(200_000, artifacts.ToList()[0].Parts[0].Text!.Length);
    }

    private static IReadOnlyList<Artifact> Fold(params ArtifactUpdated[] updates)
    {
        var artifacts = new ArtifactList(null);
        foreach (var update in updates)
            artifacts.Add(update);
        return artifacts.ToList();
    }

    private static string Parts(params ArtifactUpdated[] updates) =>
        $"[{string.Join(',', Assert.Single(Fold(updates)).Parts.Select(Describe.Json<Part>))}]";

    private static ArtifactUpdated Chunk(string id, string text, bool append = false) => Update(id, append, Text(text));

    private static ArtifactUpdated Update(string id, bool append, params Part[] parts) =>
        new() { Artifact = new Artifact { ArtifactId = id, Parts = parts }, Append = append };

    private static Part Text(string text) => Part.FromText(text);
}
