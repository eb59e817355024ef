using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Conversations;

namespace ServerlessA2A.Chat.Tests.Conversations;

public class SourcesTests
{
    private readonly Sources _sources = new();

    [Fact]
    public void WithoutSourcesThereAreNone()
    {
        _sources.Add(new ChatResponseUpdate(ChatRole.Assistant, "Hello."), []);

        Assert.Null(_sources.ToJson());
    }

    [Fact]
    public void EachSourceIsToldOnceInTheOrderOfItsFirstMention()
    {
        Add(Source("https://b.example/x", "B", "It is warm."), Source("https://a.example/", "A", null));
        Add(Source("https://a.example/", "Another title", "It is cold."), Source("https://c.example/", null, null));

        Assert.Equal(
            """{"sources":[{"uri":"https://b.example/x","title":"B","text":"It is warm."},{"uri":"https://a.example/","title":"A"},{"uri":"https://c.example/"}]}""",
            _sources.ToJson()!.ToJsonString());
    }

    [Fact]
    public void WhatWasSearchedForIsToldOnce()
    {
        Search("weather rome", "rome");
        Search("rome", "weather");

        Assert.Equal("""{"sources":[],"searchQueries":["weather rome","rome","weather"]}""", _sources.ToJson()!.ToJsonString());
    }

    [Fact]
    public void WhatIsToldMayBeToldAgain()
    {
        Add(Source("https://a.example/", "A", null));

        Assert.Equal(_sources.ToJson()!.ToJsonString(), _sources.ToJson()!.ToJsonString());
    }

    [Fact]
    public void ASourceWithoutAnAddressIsNone()
    {
        Add(new CitationAnnotation { Title = "A book" }, new AIAnnotation());

        Assert.Null(_sources.ToJson());
    }

    [Fact]
    public void WhatWasToldComesBackAndMayBeAddedTo()
    {
        Assert.Null(Sources.Read(null).ToJson());
        Assert.Null(Sources.Read([]).ToJson());
        Add(Source("https://b.example/x?y=a b#c", "B", "It is warm."), Source("https://a.example/", null, null));
        Search("rome");

        var back = Sources.Read(JsonNode.Parse(_sources.ToJson()!.ToJsonString())!.AsObject());

        Assert.Equal(_sources.ToJson()!.ToJsonString(), back.ToJson()!.ToJsonString());
        back.Add(new ChatResponseUpdate(
            ChatRole.Assistant, [new TextContent("") { Annotations = [Source("https://a.example/", "Again", null)] }]), []);
        Assert.Equal(_sources.ToJson()!.ToJsonString(), back.ToJson()!.ToJsonString());
    }

    [Fact]
    public void ARelativeAddressComesBack()
    {
        Add(new CitationAnnotation { Url = new Uri("docs/a.md", UriKind.Relative), Title = "A" });

        var back = Sources.Read(JsonNode.Parse(_sources.ToJson()!.ToJsonString())!.AsObject());

        Assert.Equal("""{"sources":[{"uri":"docs/a.md","title":"A"}]}""", back.ToJson()!.ToJsonString());
    }

    private static CitationAnnotation Source(string url, string? title, string? text) =>
        new() { Url = new Uri(url), Title = title, Snippet = text };

    private void Add(params AIAnnotation[] annotations) =>
        _sources.Add(new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("") { Annotations = annotations }]), []);

    private void Search(params string[] queries) => _sources.Add(new ChatResponseUpdate(), queries);
}
