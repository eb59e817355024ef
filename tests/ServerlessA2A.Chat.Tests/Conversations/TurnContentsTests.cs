using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Conversations;

namespace ServerlessA2A.Chat.Tests.Conversations;

public class TurnContentsTests
{
    private readonly TurnContents _turn = new();

    [Fact]
    public void TextInPiecesIsOneContent()
    {
        _turn.AddRange([new TextContent("Hel"), new TextContent("lo."), new TextContent("")]);

        Assert.Equal("assistant: Hello.", Contents());
        Assert.Equal("Hello.", _turn.Text.ToString());
    }

    [Fact]
    public void CallsAndMediaStandWhereTheyCame()
    {
        _turn.AddRange(
        [
            new TextContent("A"), new FunctionCallContent("c", "x"), new TextContent("B"), new TextContent("C"),
            new DataContent(new byte[] { 1 }, "image/png"), new UriContent("gs://b/f", "video/mp4"), new TextContent("D"),
        ]);

        Assert.Equal("assistant: A | c x({}) | BC | [image/png 01] | [video/mp4 gs://b/f] | D", Contents());
        Assert.Equal("ABCD", _turn.Text.ToString());
    }

    [Fact]
    public void ThoughtsAndCountsAreForgotten()
    {
        _turn.AddRange(
            [new TextContent("A"), new TextReasoningContent("Well."), new UsageContent(new UsageDetails()), new TextContent("B")]);

        Assert.Equal("assistant: AB", Contents());
    }

    [Fact]
    public void ASignatureIsKeptWithItsTextEvenWhereThatIsEmpty()
    {
        _turn.AddRange(
            [new TextContent("A"), Signed(""), new FunctionCallContent("c", "x"), Signed(""), new FunctionCallContent("d", "x"),
            new TextContent("B")]);

        Assert.Equal("assistant: A <thoughtSignature=AAAA> | c x({}) |  <thoughtSignature=AAAA> | d x({}) | B", Contents());
    }

    [Fact]
    public void NothingSaidIsNothing()
    {
        _turn.AddRange([new TextContent(""), new TextContent("") { Annotations = [new CitationAnnotation()] }]);

        Assert.Empty(_turn.ToList());
    }

    [Fact]
    public void WhatWasReadMayBeReadAgainAndAddedTo()
    {
        _turn.Add(new TextContent("A"));
        Assert.Equal("assistant: A", Contents());
        Assert.Equal("assistant: A", Contents());
        _turn.Add(new FunctionCallContent("c", "x"));

        Assert.Equal("assistant: A | c x({})", Contents());
    }

    private static TextContent Signed(string text) => new(text) { AdditionalProperties = new() { ["thoughtSignature"] = "AAAA" } };

    private string Contents() => Described.Of([new ChatMessage(ChatRole.Assistant, _turn.ToList())]);
}
