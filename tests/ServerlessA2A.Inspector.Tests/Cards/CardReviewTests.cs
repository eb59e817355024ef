using System.Text.Json.Nodes;
using ServerlessA2A.Functions.Inspector.Cards;

namespace ServerlessA2A.Inspector.Tests.Cards;

public sealed class CardReviewTests
{
    private static readonly Dictionary<string, string> Headers = new()
    {
        ["content-type"] = "application/json",
        ["etag"] = "\"1\"",
        ["cache-control"] = "max-age=60",
    };

    [Fact]
    public void ACompleteCardHasNoFindings()
    {
        Assert.Empty(Review(Card1_0()).Findings);
        Assert.Equal(["1.0"], Review(Card1_0()).Versions);
        Assert.Empty(Review(Card0_3()).Findings);
        Assert.Equal(["0.3"], Review(Card0_3()).Versions);
    }

    [Fact]
    public void ACardOfBothVersionsIsValidForBoth()
    {
        var blended = Card0_3();
        foreach (var (name, value) in Card1_0())
            blended[name] ??= value!.DeepClone();

        var review = Review(blended);

        Assert.Equal(["1.0", "0.3"], review.Versions);
        Assert.Equal(Severity.Note, Assert.Single(review.Findings).Severity);
        // Asked for by its version, it should have had the members of that one only.
        Assert.Contains(Review(blended, "1.0").Findings, finding => finding.Path == "preferredTransport");
    }

    [Theory]
    [InlineData("name")]
    [InlineData("description")]
    [InlineData("version")]
    [InlineData("supportedInterfaces")]
    [InlineData("capabilities")]
    [InlineData("skills")]
    [InlineData("defaultInputModes")]
    [InlineData("defaultOutputModes")]
    public void AMissingOrMistypedMemberIsAnError(string member)
    {
        var card = Card1_0();
        card[member] = 5;
        Assert.Contains(Review(card).Findings, finding => finding.Severity == Severity.Error && finding.Path == member);
        card[member] = null;
        Assert.Contains(Review(card).Findings, finding => finding.Severity == Severity.Error && finding.Path == member);
        card.Remove(member);
        Assert.Contains(Review(card, "1.0").Findings, finding => finding.Severity == Severity.Error && finding.Path == member);
    }

    [Theory]
    [InlineData("""{"url":"http://localhost:1/"}""", "Error", "supportedInterfaces[0].url")]
    [InlineData("""{"url":"http://agent.example.com"}""", "Warning", "supportedInterfaces[0].url")]
    [InlineData("""{"url":"/a2a"}""", "Error", "supportedInterfaces[0].url")]
    [InlineData("""{"url":"https://other.example.com"}""", "Note", "supportedInterfaces[0].url")]
    [InlineData("""{"url":"https://agent.example.com/a2a/"}""", "Note", "supportedInterfaces[0].url")]
    [InlineData("""{"protocolBinding":"REST"}""", "Warning", "supportedInterfaces[0].protocolBinding")]
    [InlineData("""{"protocolVersion":"v1"}""", "Warning", "supportedInterfaces[0].protocolVersion")]
    [InlineData("""{"tenant":null}""", "Warning", "supportedInterfaces[0].tenant")]
    [InlineData("""{"extra":1}""", "Note", "supportedInterfaces[0].extra")]
    public void WhatClientsStumbleOverIsFound(string change, string severity, string path)
    {
        var card = Card1_0();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
            card["supportedInterfaces"]![0]![name] = value?.DeepClone();

        var finding = Assert.Single(Review(card).Findings);

        Assert.Equal((severity, path), ($"{finding.Severity}", finding.Path));
    }

    [Fact]
    public void ClientsOf0_3NeedJsonRpc()
    {
        var card = Card0_3();
        card["preferredTransport"] = "HTTP+JSON";
        Assert.Contains(Review(card).Findings, finding => finding is { Severity: Severity.Warning, Path: "preferredTransport" });
        card["additionalInterfaces"] = new JsonArray(new JsonObject { ["url"] = "https://agent.example.com", ["transport"] = "JSONRPC" });
        Assert.Contains(Review(card).Findings, finding => finding is { Severity: Severity.Note, Path: "preferredTransport" });
    }

    [Fact]
    public void ModesAreMediaTypes()
    {
        var card = Card1_0();
        card["defaultInputModes"] = new JsonArray("text");

        Assert.Equal("defaultInputModes", Assert.Single(Review(card).Findings).Path);
    }

    [Fact]
    public void ASignatureWithoutKeysIsNotVerified()
    {
        var card = Card1_0();
        card["signatures"] = new JsonArray(new JsonObject { ["protected"] = "e30", ["signature"] = "AA" });

        Assert.Equal("The keys were not read.", Review(card).Signature!.Reason);
        Assert.False(Review(card, keys: """{"keys":[]}""").Signature!.IsVerified);
        Assert.Null(Review(Card1_0()).Signature);
    }

    private static CardReview Review(JsonObject card, string version = "", string? keys = null) => CardReview.Of(
        new ReceivedCard(card.ToJsonString(), version, new Uri("https://agent.example.com/.well-known/agent-card.json"), keys, Headers));

    private static JsonObject Shared() => new()
    {
        ["name"] = "Agent",
        ["description"] = "Does something.",
        ["version"] = "1.0.0",
        ["capabilities"] = new JsonObject { ["streaming"] = true },
        ["defaultInputModes"] = new JsonArray("text/plain"),
        ["defaultOutputModes"] = new JsonArray("text/plain"),
        ["skills"] = new JsonArray(new JsonObject
        {
            ["id"] = "skill",
            ["name"] = "Skill",
            ["description"] = "Does it.",
            ["tags"] = new JsonArray("tag"),
        }),
    };

    private static JsonObject Card1_0()
    {
        var card = Shared();
        card["supportedInterfaces"] = new JsonArray(new JsonObject
        {
            ["url"] = "https://agent.example.com",
            ["protocolBinding"] = "JSONRPC",
            ["protocolVersion"] = "1.0",
        });
        return card;
    }

    private static JsonObject Card0_3()
    {
        var card = Shared();
        card["protocolVersion"] = "0.3.0";
        card["url"] = "https://agent.example.com";
        card["preferredTransport"] = "JSONRPC";
        return card;
    }
}
