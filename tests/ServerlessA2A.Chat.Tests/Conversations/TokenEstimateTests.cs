using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests.Conversations;

public class TokenEstimateTests
{
    [Fact]
    public void FourLettersAreAboutAToken()
    {
        Assert.Equal(1, Of(new TextContent("")));
        Assert.Equal(1, Of(new TextContent("abc")));
        Assert.Equal(101, Of(new TextContent(new string('a', 400))));
    }

    [Fact]
    public void AMediumCountsMoreTheLargerItIs()
    {
        Assert.Equal(258, Of(new DataContent(Array.Empty<byte>(), "image/png")));
        Assert.True(Of(new DataContent(new byte[1_000_000], "image/png")) > Of(new DataContent(new byte[100_000], "image/png")));
        Assert.Equal(258, Of(new UriContent("gs://b/f", "video/mp4")));
    }

    [Fact]
    public void CallsAndResultsCountAsTheirJson()
    {
        Assert.Equal(0, Of(new FunctionCallContent("c", "x")));
        Assert.Equal(101, Of(new FunctionCallContent("c", "x", new Dictionary<string, object?> { ["a"] = new string('a', 400) })), 5d);
        Assert.Equal(100, Of(new FunctionResultContent("c", Properties.Parse($"\"{new string('a', 398)}\""))));
        Assert.Equal(100, Of(new FunctionResultContent("c", new string('a', 398))));
        Assert.Equal(0, Of(new FunctionResultContent("c", null)));
    }

    [Fact]
    public void WhatIsNotSentDoesNotCount() => Assert.Equal(0, Of(new TextReasoningContent("Well."), new UsageContent(new UsageDetails())));

    [Fact]
    public void AMessageIsAllItsContents() => Assert.Equal(2 + 258, Of(new TextContent("abcd"), new UriContent("gs://b/f", "video/mp4")));

    private static long Of(params AIContent[] contents) => TokenEstimate.Of(new ChatMessage(ChatRole.User, contents));
}
