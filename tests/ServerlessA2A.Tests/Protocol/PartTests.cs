using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Tests.Protocol;

/// <summary>A part holds one content, whoever makes it, copies it or reads it.</summary>
public class PartTests
{
    public static TheoryData<Part, string> Each { get; } = new()
    {
        { Part.FromText("hi"), "text" },
        { Part.FromText(""), "text" },
        { Part.FromBytes(new byte[] { 1 }, "image/png", "a.png"), "raw" },
        { Part.FromBytes(default), "raw" },
        { Part.FromUri("https://x.example/a", "image/png"), "url" },
        { Part.FromUri(new Uri("gs://bucket/a")), "url" },
        { Part.FromData(JsonElement.Parse("""{"a":1}""")), "data" },
        { Part.FromData(JsonElement.Parse("null")), "data" },
    };

    [Theory]
    [MemberData(nameof(Each))]
    public void IsWrittenWithItsOneContent(Part part, string content) => Assert.Equal([content], ContentsOf(part));

    [Theory]
    [MemberData(nameof(Each))]
    public void KeepsItsOneContentWhenItIsCopiedFromAnAgent(Part part, string content)
    {
        var described = part with { Metadata = JsonElement.Parse("""{"m":1}"""), Filename = "f", MediaType = "text/plain" };
        var copy = Assert.Single(AgentContent.Copy([described]));
        Assert.Equal([content], ContentsOf(copy));
        Assert.Equal("""{"m":1}""", copy.Metadata!.Value.GetRawText());
        Assert.Equal(ProtocolJson.Write(described), ProtocolJson.Write(copy));
    }

    [Fact]
    public void SharesNoMemoryWithTheAgent()
    {
        byte[] bytes = [1, 2];
        using var document = JsonDocument.Parse("""{"a":[1]}""");
        var copies = AgentContent.Copy(
            [Part.FromBytes(bytes), Part.FromData(document.RootElement) with { Metadata = document.RootElement }]);
        bytes[0] = 9;
        document.Dispose();
        Assert.Equal([1, 2], copies[0].Raw!.Value.ToArray());
        Assert.Equal(("""{"a":[1]}""", """{"a":[1]}"""), (copies[1].Data!.Value.GetRawText(), copies[1].Metadata!.Value.GetRawText()));
    }

    [Theory]
    [InlineData("""{"raw":"","data":{"a":1}}""", """{"data":{"a":1}}""")]
    [InlineData("""{"raw":"","text":"hi","metadata":{"m":1}}""", """{"text":"hi","metadata":{"m":1}}""")]
    [InlineData("""{"raw":"","url":"https://x.example"}""", """{"url":"https://x.example"}""")]
    [InlineData("""{"text":"","raw":"AQ==","url":""}""", """{"raw":"AQ=="}""")]
    [InlineData("""{"raw":""}""", """{"raw":""}""")]
    [InlineData("""{"text":""}""", """{"text":""}""")]
    public void EmptyContentBesideAnotherIsUnset(string stored, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(ProtocolJson.Write(ProtocolJson.Read<Part>(Encoding.UTF8.GetBytes(stored)))));

    [Theory]
    [InlineData("""{"text":"a","data":1}""")]
    [InlineData("""{"text":"","raw":""}""")]
    [InlineData("""{"mediaType":"text/plain"}""")]
    public void ReadingRefusesNoContentAndSeveral(string json)
    {
        var refusal = Assert.Throws<A2AException>(() => ProtocolJson.Read<Part>(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(A2AError.InvalidParams, refusal.Error);
        Assert.Contains("must have exactly one of text, raw, url and data", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CannotBeMadeOfNothing()
    {
        Assert.Throws<ArgumentNullException>(() => Part.FromText(null!));
        Assert.Throws<ArgumentException>(() => Part.FromUri(""));
        Assert.Throws<ArgumentException>(() => Part.FromData(default));
    }

    private static List<string> ContentsOf(Part part)
    {
        using var json = JsonDocument.Parse(ProtocolJson.Write(part));
        return [.. json.RootElement.EnumerateObject().Select(member => member.Name)
            .Where(name => name is "text" or "raw" or "url" or "data")];
    }

    [Fact]
    public void AValueBecomesADataPartWithCamelCaseNames()
    {
        Assert.Equal("""{"city":"Rome","days":[1,2]}""", Part.FromData(new { City = "Rome", Days = new[] { 1, 2 } }).Data!.Value.GetRawText());
        Assert.Equal("""{"City":"Rome"}""", Part.FromData(new { City = "Rome" }, JsonSerializerOptions.Default).Data!.Value.GetRawText());
        Assert.Equal(JsonValueKind.Null, Part.FromData<string?>(null).Data!.Value.ValueKind);
    }
}
