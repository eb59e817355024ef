using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Protocol;

namespace ServerlessA2A.Tests.Tasks.Log;

public class ArtifactPiecesTests
{
    private const int LineLimit = 32 * 1024;

    /// <summary>Text that is longest when it is escaped, text that is not, and letters of two units.</summary>
    private static readonly string[] Letters = ["a", "\n", "\"", "é", "漢", "\u0001", "🙂", " "];

    [Fact]
    public void SmallUpdatesAreLeftAlone()
    {
        var update = Update(Part.FromText(new string('a', ArtifactPieces.MaxSize - 64))) with { LastChunk = true };
        Assert.Same(update, Assert.Single(ArtifactPieces.Cut(update)));
    }

    [Fact]
    public void PiecesFoldToTheWholeAndFitIntoALine()
    {
        var texts = Gen.Elements(Letters).ListOf()
            .Select(letters => string.Concat(Enumerable.Repeat(string.Concat(letters), 1 + (60_000 / (1 + letters.Count)))));
        RoundTripProperties.Holds(texts, text =>
        {
            var whole = Update(Part.FromText(text) with { MediaType = "text/markdown" }) with { LastChunk = true };
            var pieces = ArtifactPieces.Cut(whole).ToList();
            Assert.All(pieces, piece => Assert.InRange(ProtocolJson.Write(piece.Artifact).Length, 0, LineLimit));
            Assert.All(pieces.SkipLast(1), piece => Assert.False(piece.LastChunk));
            Assert.True(pieces[^1].LastChunk);
            Assert.Equal([false, .. Enumerable.Repeat(true, pieces.Count - 1)], pieces.Select(piece => piece.Append));
            Assert.Equal(Fold([whole]), Fold(pieces));
        });
    }

    [Theory]
    [InlineData(10_000, 10_000, 10_000)]
    [InlineData(30_000, 1_000, 1_000)]
    [InlineData(1, 24_000, 100_000)]
    public void TextsOfTheirOwnStayPartsOfTheirOwn(params int[] lengths)
    {
        var update = Update([.. lengths.Select((length, i) => Part.FromText(new string((char)('a' + i), length)))]);
        var pieces = ArtifactPieces.Cut(update).ToList();
        Assert.True(pieces.Count > 1);
        Assert.Equal(Fold([update]), Fold(pieces));
    }

    [Fact]
    public void SmallPartsCountWithWhatIsAroundThem()
    {
        var update = Update([.. Enumerable.Range(0, 12_000).Select(_ => Part.FromData(JsonElement.Parse("1")))]);
        Assert.All(ArtifactPieces.Cut(update), piece => Assert.InRange(ProtocolJson.Write(piece.Artifact).Length, 0, LineLimit));
    }

    [Fact]
    public void PartsOfSeveralKindsKeepTheirOrder()
    {
        var update = Update(
            Part.FromText(new string('a', 100_000)),
            Part.FromBytes(new byte[50_000], "image/png", "a.png"),
            Part.FromData(JsonElement.Parse("{}")),
            Part.FromText(new string('b', 50_000)) with { Filename = "b.txt" },
            Part.FromText("end"));
        var pieces = ArtifactPieces.Cut(update).ToList();
        Assert.Equal(Fold([update]), Fold(pieces));
        Assert.True(pieces.Count >= 7);
    }

    [Fact]
    public void TheFirstPieceDescribesTheArtifact()
    {
        var update = Update(Part.FromText(new string('a', 50_000)));
        update = update with
        {
            Append = true,
            Metadata = JsonElement.Parse("""{"e":1}"""),
            Artifact = update.Artifact with { Name = "n", Description = "d", Metadata = JsonElement.Parse("""{"m":1}"""), Extensions = ["x"] },
        };
        var pieces = ArtifactPieces.Cut(update).ToList();
        Assert.Equal(
            ("n", "d", true, true),
            (pieces[0].Artifact.Name, pieces[0].Artifact.Description, pieces[0].Append, pieces[0].Metadata is not null));
        Assert.All(pieces.Skip(1), piece =>
            Assert.Equal((null, null, true, null),
            (piece.Artifact.Name, piece.Artifact.Metadata?.GetRawText(), piece.Append, piece.Metadata?.GetRawText())));
    }

    private static ArtifactUpdated Update(params IReadOnlyList<Part> parts) =>
        new() { Artifact = new Artifact { ArtifactId = "a", Parts = parts } };

    private static string Fold(IEnumerable<ArtifactUpdated> updates)
    {
        var artifacts = new ArtifactList(null);
        foreach (var update in updates)
            artifacts.Add(update);
        return Encoding.UTF8.GetString(ProtocolJson.Write(Assert.Single(artifacts.ToList())));
    }
}
