using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Answers;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Support;
using static ServerlessA2A.Chat.Tests.AgentContexts;

namespace ServerlessA2A.Chat.Tests.Answers;

public class AnswerArtifactsTests
{
    [Fact]
    public void TextBeginsAnArtifactAndContinuesIt()
    {
        var artifacts = new AnswerArtifacts(Accepting(), question: 1, textType: null);
        artifacts.BeginTurn();

        Assert.Equal(
            ["answer new: Hel", "answer more: lo.", "answer more, last: "],
            [Describe(artifacts.Text("Hel")), Describe(artifacts.Text("lo.")), Describe(artifacts.EndText(null))]);
    }

    [Fact]
    public void EachTurnWithTextIsAParagraph()
    {
        var artifacts = new AnswerArtifacts(Accepting(), question: 1, textType: null);
        artifacts.BeginTurn();
        artifacts.BeginTurn();

        Assert.Equal("answer new: A", Describe(artifacts.Text("A")));
        artifacts.BeginTurn();
        Assert.Equal("answer more: \n\nB", Describe(artifacts.Text("B")));
        Assert.Equal("answer more: C", Describe(artifacts.Text("C")));
        artifacts.BeginTurn();
        artifacts.BeginTurn();
        Assert.Equal("answer more: \n\nD", Describe(artifacts.Text("D")));
    }

    [Fact]
    public void ATurnThatIsGoneOnWithAfterACrashIsNoParagraph()
    {
        var artifacts = new AnswerArtifacts(
            Accepting() with { Artifacts = [Artifact("answer", Part.FromText("Hel"))] }, question: 1, textType: null);

        Assert.Equal("answer more: lo.", Describe(artifacts.Text("lo.")));
    }

    [Fact]
    public void ATurnThatBeginsInAnotherRunIsAParagraph()
    {
        var artifacts = new AnswerArtifacts(
            Accepting() with { Artifacts = [Artifact("answer", Part.FromText("A"))] }, question: 1, textType: null);
        artifacts.BeginTurn();

        Assert.Equal("answer more: \n\nB", Describe(artifacts.Text("B")));
    }

    [Theory]
    [InlineData(0, "answer")]
    [InlineData(1, "answer")]
    [InlineData(2, "answer-2")]
    [InlineData(3, "answer-3")]
    public void TheAnswerToAFurtherQuestionIsAnArtifactOfItsOwn(int question, string id)
    {
        var task = Accepting() with { Artifacts = [Artifact("other", Part.FromText("A"))] };

        Assert.Equal($"{id} new: B", Describe(new AnswerArtifacts(task, question, textType: null).Text("B")));
        Assert.Equal(id, new AnswerArtifacts(task, question, textType: null).Data(Properties.Parse("1"), null).Content.ArtifactId);
    }

    [Fact]
    public void ThatOfAnEarlierQuestionIsLeftAlone()
    {
        var artifacts = new AnswerArtifacts(
            Accepting() with { Artifacts = [Artifact("answer", Part.FromText("A"))] }, question: 2, textType: null);

        Assert.Null(artifacts.EndText(null));
        Assert.Equal("answer-2 new: B", Describe(artifacts.Text("B")));
    }

    [Fact]
    public void WithoutTextThereIsNoEnd() => Assert.Null(new AnswerArtifacts(Accepting(), question: 1, textType: null).EndText([]));

    [Fact]
    public void TextHasItsMediaTypeUnlessItIsPlain()
    {
        Assert.Equal(
            "text/html", new AnswerArtifacts(Accepting(), question: 1, textType: "text/html").Text("A").Content.Parts[0].MediaType);
        Assert.Null(new AnswerArtifacts(Accepting(), question: 1, textType: null).Text("A").Content.Parts[0].MediaType);
    }

    [Fact]
    public void WhatIsToldOfTheTextComesWithItsEnd()
    {
        var artifacts = new AnswerArtifacts(Accepting(), question: 1, textType: "text/html");

        Assert.Null(artifacts.Text("A").Content.Metadata);
        var end = artifacts.EndText(new JsonObject { ["sources"] = new JsonArray() })!;

        Assert.Equal("""{"sources":[]}""", end.Content.Metadata!.Value.GetRawText());
        Assert.Equal("text/html", end.Content.Parts[0].MediaType);
        Assert.Null(artifacts.EndText(null)!.Content.Metadata);
    }

    [Fact]
    public void AJsonValueIsWhole()
    {
        var chunk = new AnswerArtifacts(Accepting("application/json"), question: 1, textType: null).Data(Properties.Parse("""{"a":1}"""), new JsonObject { ["b"] = 2 });

        Assert.Equal((false, true, "answer"), (chunk.Append, chunk.LastChunk, chunk.Content.ArtifactId));
        var part = Assert.Single(chunk.Content.Parts);
        Assert.Equal("""{"a":1}""", part.Data!.Value.GetRawText());
        Assert.Equal("application/json", part.MediaType);
        Assert.Equal("""{"b":2}""", chunk.Content.Metadata!.Value.GetRawText());
    }

    [Fact]
    public void EachMediumIsAnArtifactOfItsOwn()
    {
        var artifacts = new AnswerArtifacts(Accepting(), question: 1, textType: null);
        Assert.False(artifacts.HasMedia);

        var ids = new[] { "image/png", "image/jpeg", "audio/wav", "image/png" }.Select(
            type => artifacts.Medium(Medium(type))!.Content.ArtifactId);

        Assert.Equal(["image-1", "image-2", "audio-1", "image-3"], ids);
        Assert.True(artifacts.HasMedia);
    }

    [Fact]
    public void AMediumIsWholeAndKnowsItsArtifact()
    {
        var data = Medium("image/png");
        data.Name = "cat.png";

        var chunk = new AnswerArtifacts(Accepting(), question: 1, textType: null).Medium(data)!;

        Assert.Equal((false, true), (chunk.Append, chunk.LastChunk));
        var part = Assert.Single(chunk.Content.Parts);
        Assert.Equal("image/png", part.MediaType);
        Assert.Equal("cat.png", part.Filename);
        Assert.Equal([1, 2, 3], part.Raw!.Value.ToArray());
        Assert.Equal("image-1", data.AdditionalProperties![ConversationState.ArtifactId]);
    }

    [Fact]
    public void MediaAreNumberedOnFromThoseOfEarlierRuns()
    {
        var task = Accepting() with
        {
            Artifacts = [Artifact("image-1", Bytes("image/png")), Artifact("image-3", Bytes("image/png")),
            Artifact("audio-2", Bytes("audio/wav"))]
        };
        var artifacts = new AnswerArtifacts(task, question: 1, textType: null);

        Assert.Equal("image-2", artifacts.Medium(Medium("image/png"))!.Content.ArtifactId);
        Assert.Equal("image-4", artifacts.Medium(Medium("image/png"))!.Content.ArtifactId);
        Assert.Equal("audio-1", artifacts.Medium(Medium("audio/wav"))!.Content.ArtifactId);
    }

    [Fact]
    public void WhetherThereIsAnythingIsKnown()
    {
        var artifacts = new AnswerArtifacts(Accepting("text/plain", "image/png"), question: 1, textType: null);
        artifacts.Medium(Medium("image/jpeg"));
        Assert.False(artifacts.HasAny);
        artifacts.Medium(Medium("image/png"));
        Assert.True(artifacts.HasAny);

        artifacts = new AnswerArtifacts(Accepting(), question: 1, textType: null);
        artifacts.Text("A");
        Assert.True(artifacts.HasAny);
        Assert.True(new AnswerArtifacts(
            Accepting() with { Artifacts = [Artifact("answer", Part.FromText("A"))] }, question: 1, textType: null).HasAny);
    }

    [Fact]
    public void WhatTheClientDoesNotTakeIsNotGiven()
    {
        var artifacts = new AnswerArtifacts(Accepting("text/plain", "image/jpeg"), question: 1, textType: null);
        var data = Medium("image/png");

        Assert.Null(artifacts.Medium(data));
        Assert.False(artifacts.HasMedia);
        Assert.Null(data.AdditionalProperties);
        Assert.Equal("image-1", artifacts.Medium(Medium("image/jpeg"))!.Content.ArtifactId);
    }

    private static DataContent Medium(string mediaType) => new(new byte[] { 1, 2, 3 }, mediaType);

    private static string Describe(ArtifactUpdate? chunk) =>
        $"{chunk!.Content.ArtifactId} {(chunk.Append ? "more" : "new")}{(chunk.LastChunk ? ", last" : "")}: " +
        $"{string.Concat(chunk.Content.Parts.Select(part => part.Text))}";
}
