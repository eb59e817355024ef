using ServerlessA2A.Agents;

namespace ServerlessA2A.Tests.Agents;

public class MediaTypesTests
{
    [Theory]
    [InlineData("text/plain", "text/plain", true)]
    [InlineData("text/plain", "TEXT/Plain", true)]
    [InlineData("text/plain", "text/plain; charset=utf-8", true)]
    [InlineData("text/plain ;x=y", "text/plain", true)]
    [InlineData("text/plain", "text/html", false)]
    [InlineData("text/plain", "text/plain2", false)]
    [InlineData("text/*", "text/html", true)]
    [InlineData("TEXT/*", "text/html", true)]
    [InlineData("text/*", "textual/html", false)]
    [InlineData("*/*", "image/png", true)]
    [InlineData("*", "image/png", true)]
    [InlineData("application/json", "application/ld+json", true)]
    [InlineData("Application/JSON", "application/problem+JSON; charset=utf-8", true)]
    [InlineData("application/xml", "image/svg+xml", true)]
    [InlineData("application/xml", "application/ld+json", false)]
    [InlineData("application/ld+json", "application/json", false)]
    // What is offered as a pattern is not covered by what it covers.
    [InlineData("text/plain", "text/*", false)]
    [InlineData("text/plain", "", false)]
    public void APatternCoversWhatItSays(string pattern, string type, bool covers) =>
        Assert.Equal(covers, new MediaTypes(["x/y", pattern]).Contains(type));

    [Theory]
    [InlineData("text/plain", "text/plain", true)]
    [InlineData("text/plain", "text/*", true)]
    [InlineData("text/*", "text/plain", true)]
    [InlineData("text/plain", "*/*", true)]
    [InlineData("text/*", "image/*", false)]
    [InlineData("text/plain", "text/html", false)]
    public void SetsOverlapWhereATypeIsInBoth(string one, string other, bool overlaps)
    {
        Assert.Equal(overlaps, new MediaTypes(["x/y", one]).Overlaps(["v/w", other]));
        Assert.Equal(overlaps, new MediaTypes(["x/y", other]).Overlaps(["v/w", one]));
    }

    [Theory]
    [InlineData("text", "text/plain", true)]
    [InlineData("Text", "text/markdown", true)]
    [InlineData(" TEXT ", "text/plain", true)]
    [InlineData("text", "image/png", false)]
    [InlineData("json", "application/json", true)]
    [InlineData("data", "application/json", true)]
    [InlineData("image", "image/png", true)]
    [InlineData("IMAGE", "image", true)]
    [InlineData("audio", "audio/wav", true)]
    [InlineData("video", "video/mp4", true)]
    [InlineData("file", "application/pdf", true)]
    [InlineData("pdf", "application/pdf", false)]
    public void AKindOfPartsStandsForItsTypes(string kind, string type, bool covers)
    {
        Assert.Equal(covers, new MediaTypes([kind]).Contains(type));
        Assert.Equal(covers, new MediaTypes([kind]).Overlaps([type]));
        Assert.Equal(covers, new MediaTypes([type]).Overlaps(["v/w", kind]));
    }

    [Theory]
    [InlineData("application/ld+json", "application/json", true)]
    [InlineData("application/json", "application/ld+json", false)]
    [InlineData("application/xml", "image/svg+xml", false)]
    public void WhoTakesJsonTakesWhatIsWrittenInItAndNotTheOtherWayRound(string written, string accepted, bool overlaps) =>
        Assert.Equal(overlaps, new MediaTypes([written]).Overlaps([accepted]));

    [Fact]
    public void APartNamedByItsKindIsReadWhereAnyOfThatKindIs()
    {
        Assert.True(new MediaTypes(["text/plain"]).Contains("text"));
        Assert.True(new MediaTypes(["image/*"]).Contains("image"));
        Assert.False(new MediaTypes(["image/png"]).Contains("image"));
    }

    [Fact]
    public void KindsAreReadAsTheirTypesOnceEach()
    {
        Assert.Equal(["text/plain", "text/*", "application/json", "x"], MediaTypes.Read(["text", "text/plain", "json", "data", "x"]));
        IReadOnlyList<string> types = ["text/plain", "image/png"];
        Assert.Same(types, MediaTypes.Read(types));
    }

    [Fact]
    public void AnEmptySetHoldsNothing()
    {
        Assert.False(new MediaTypes([]).Contains("text/plain"));
        Assert.False(new MediaTypes([]).Overlaps(["*/*"]));
    }
}
