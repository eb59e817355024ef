using System.Text;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Support;
using static ServerlessA2A.Chat.Tests.AgentContexts;

namespace ServerlessA2A.Chat.Tests.Conversations;

public class MessageContentsTests
{
    [Fact]
    public void TextIsText()
    {
        Assert.Equal("Hello.", Assert.IsType<TextContent>(Of(Part.FromText("Hello."))).Text);
        Assert.Equal(
            "# A", Assert.IsType<TextContent>(Of(Part.FromText("# A") with { MediaType = "text/markdown", Filename = "a.md" })).Text);
    }

    [Theory]
    [InlineData("""{ "a": 1 }""")]
    [InlineData("null")]
    public void DataIsItsJson(string json) =>
        Assert.Equal(json, Assert.IsType<TextContent>(Of(Part.FromData(Properties.Parse(json)))).Text);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/csv; charset=utf-8")]
    [InlineData("TEXT/markdown")]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("image/svg+xml")]
    [InlineData("application/xml")]
    [InlineData("application/atom+xml")]
    [InlineData("application/LD+JSON")]
    [InlineData("application/problem+json; charset=utf-8")]
    [InlineData("application/yaml")]
    [InlineData("application/javascript")]
    [InlineData("application/x-ndjson")]
    public void AFileOfTextIsText(string mediaType)
    {
        Assert.Equal("é😀", Assert.IsType<TextContent>(Of(Bytes(mediaType, "é😀"))).Text);
        Assert.Equal("notes.txt:\né😀", Assert.IsType<TextContent>(Of(Bytes(mediaType, "é😀", "notes.txt"))).Text);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/pdf")]
    [InlineData("application/octet-stream")]
    public void AnotherFileIsItsBytes(string mediaType)
    {
        var data = Assert.IsType<DataContent>(Of(Bytes(mediaType, "abc", "a.bin")));

        Assert.Equal((mediaType, "a.bin"), (data.MediaType, data.Name));
        Assert.Equal("abc"u8.ToArray(), data.Data.ToArray());
    }

    [Theory]
    [InlineData("text/plain; charset=iso-8859-1", "E9")]
    [InlineData("text/plain; charset=\"utf-16\"", "E900")]
    [InlineData("text/plain; charset=utf-8", "EFBBBFC3A9")]
    [InlineData("text/plain; charset=unheard", "C3A9")]
    [InlineData("text/plain; charset=utf-7", "C3A9")]
    [InlineData("text/plain", "FFFEE900")]
    public void TextIsReadInItsEncoding(string mediaType, string hex) =>
        Assert.Equal("é", Assert.IsType<TextContent>(Of(Part.FromBytes(Convert.FromHexString(hex), mediaType))).Text);

    [Theory]
    [InlineData("image/png", null, "(The file of the type image/png is empty.)")]
    [InlineData("image/png", "a.png", "(The file a.png is empty.)")]
    [InlineData("text/plain", "a.txt", "(The file a.txt is empty.)")]
    public void TheModelIsToldOfAnEmptyFile(string mediaType, string? name, string told)
    {
        Assert.Equal(told, Assert.IsType<TextContent>(Of(Bytes(mediaType, "", name))).Text);
        Assert.Equal(told, Assert.IsType<TextContent>(Of(Part.FromUri("data:,", mediaType, name))).Text);
    }

    [Theory]
    [InlineData("data:image/png;base64,AQID", null, "image/png")]
    [InlineData("DATA:image/png;base64,AQID", "", "image/png")]
    [InlineData("data:image/png;base64,AQID", "image/jpeg", "image/jpeg")]
    [InlineData("data:image/png,%01%02%03", null, "image/png")]
    public void ADataAddressIsTheFileInIt(string url, string? mediaType, string type)
    {
        var data = Assert.IsType<DataContent>(Of(Part.FromUri(url, mediaType, "a")));

        Assert.Equal((type, "a"), (data.MediaType, data.Name));
        Assert.Equal([1, 2, 3], data.Data.ToArray());
    }

    [Theory]
    [InlineData("data:text/plain;charset=utf-8;base64,w6k=")]
    [InlineData("data:image/svg+xml,%C3%A9")]
    [InlineData("data:;charset=utf-8,%C3%A9")]
    public void TextInADataAddressIsText(string url) => Assert.Equal("é", Assert.IsType<TextContent>(Of(Part.FromUri(url))).Text);

    [Fact]
    public void ALargeDataAddressIsRead()
    {
        var bytes = new byte[300_000];

        Assert.Equal(
            bytes, Assert.IsType<DataContent>(Of(Part.FromUri($"data:image/png;base64,{Convert.ToBase64String(bytes)}"))).Data.ToArray());
    }

    [Theory]
    [InlineData("data:image/png;base64,A")]
    [InlineData("data:image/png;base64")]
    [InlineData("data:")]
    [InlineData("data:a picture,x")]
    public void ADataAddressThatIsNoneIsRefused(string url)
    {
        var refusal = Refusal(Part.FromUri(url, "image/png"));

        Assert.StartsWith("message.parts[1].url is a data: address that cannot be decoded", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gs://bucket/film.mp4")]
    [InlineData("https://example.com/film.mp4")]
    public void AnAddressIsTheFileThere(string url)
    {
        var uri = Assert.IsType<UriContent>(Of(Part.FromUri(url, "video/mp4")));

        Assert.Equal((url, "video/mp4"), (uri.Uri.OriginalString, uri.MediaType));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void AFileWithoutAMediaTypeIsRefused(string? mediaType)
    {
        Assert.StartsWith(
            "message.parts[1].mediaType is not set", Refusal(Part.FromBytes(new byte[] { 1 }, mediaType)), StringComparison.Ordinal);
        Assert.StartsWith("message.parts[1].mediaType is not set", Refusal(Part.FromUri("gs://b/f", mediaType)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("/png")]
    [InlineData("image/p ng")]
    [InlineData("a picture")]
    public void AFileWithAMediaTypeThatIsNoneIsRefused(string mediaType)
    {
        Assert.StartsWith(
            $"message.parts[1].mediaType is '{mediaType}'", Refusal(Part.FromBytes(new byte[] { 1 }, mediaType)), StringComparison.Ordinal);
        Assert.StartsWith(
            $"message.parts[1].mediaType is '{mediaType}'", Refusal(Part.FromUri("gs://b/f", mediaType)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.com/a.png")]
    [InlineData("file:///etc/passwd")]
    [InlineData("a.png")]
    [InlineData("/a.png")]
    public void AFileElsewhereIsRefused(string url)
    {
        var refusal = Refusal(Part.FromUri(url, "image/png"));

        Assert.StartsWith($"message.parts[1].url is '{url}'", refusal, StringComparison.Ordinal);
        Assert.Contains("gs:// and https://", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void PartsKeepTheirOrder() => Assert.Equal(
        ["A", "1", "B"],
        MessageContents.Of([Part.FromText("A"), Part.FromData(Properties.Parse("1")), Part.FromText("B")], "parts", new ListedFiles([]))
        .Cast<TextContent>().Select(text => text.Text));

    [Fact]
    public void WhatTheModelMakesIsAPart()
    {
        var part = MessageContents.ToPart(new DataContent(Encoding.UTF8.GetBytes("abc"), "image/png") { Name = "a.png" });

        Assert.Equal(("image/png", "a.png", "abc"), (part.MediaType, part.Filename, Encoding.UTF8.GetString(part.Raw!.Value.Span)));
        Assert.Null(MessageContents.ToPart(new DataContent(new byte[] { 1 }, "image/png")).Filename);
    }

    private static AIContent Of(Part part) => Assert.Single(MessageContents.Of([part], "message.parts", new ListedFiles(["*"])));

    private static string Refusal(Part part) =>
        Assert.Throws<UnreadablePartException>(
            () => MessageContents.Of([Part.FromText("A"), part], "message.parts", new ListedFiles(["*"]))).Message;
}
