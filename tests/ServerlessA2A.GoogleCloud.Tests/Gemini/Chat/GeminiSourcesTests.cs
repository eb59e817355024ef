using Google.Cloud.AIPlatform.V1;
using Microsoft.Extensions.AI;
using ServerlessA2A.GoogleCloud.Gemini.Chat;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class GeminiSourcesTests
{
    [Fact]
    public void PagesThatWereFoundAreAnnotationsOfAnEmptyText()
    {
        var update = Of(new Candidate
        {
            GroundingMetadata = new GroundingMetadata
            {
                GroundingChunks = { Page("https://a.example/", "A"), Page("https://b.example/", "") },
                GroundingSupports =
                {
                    Support("It is sunny.", 1),
                    Support("It is warm.", 0, 1),
                },
            },
        });

        var text = Assert.IsType<TextContent>(Assert.Single(update.Contents));
        Assert.Equal("", text.Text);
        Assert.Equal(
            ["https://a.example/ A google_search: It is warm.", "https://b.example/ - google_search: It is sunny."],
            text.Annotations!.Cast<CitationAnnotation>().Select(Describe));
    }

    [Fact]
    public void WhatIsQuotedIsAnAnnotationToo()
    {
        var update = Of(new Candidate
        {
            CitationMetadata = new CitationMetadata
            {
                Citations = { new Citation { Uri = "https://a.example/", Title = "A" }, new Citation { Title = "A book" },
                    new Citation { Uri = "https://b.example/" } },
            },
            GroundingMetadata = new GroundingMetadata { GroundingChunks = { Page("https://c.example/", "C") } },
        });

        Assert.Equal(
            ["https://c.example/ C google_search: -", "https://a.example/ A -: -", "https://b.example/ - -: -"],
            update.Contents[0].Annotations!.Cast<CitationAnnotation>().Select(Describe));
    }

    [Fact]
    public void WhatHasNoAddressIsNoSource()
    {
        var update = Of(new Candidate
        {
            GroundingMetadata =
                new GroundingMetadata { GroundingChunks = { new GroundingChunk(), Page("not an address", "A"), Page("", "B") } },
            CitationMetadata = new CitationMetadata { Citations = { new Citation { Uri = "not an address" } } },
        });

        Assert.Empty(update.Contents);
    }

    [Fact]
    public void ASupportThatPointsNowhereDoesNoHarm()
    {
        var update = Of(new Candidate
        {
            GroundingMetadata = new GroundingMetadata
            {
                GroundingChunks = { Page("https://a.example/", "A") },
                GroundingSupports = { new GroundingSupport { GroundingChunkIndices = { 0 } }, Support("It.", 7, -1), Support("", 0) },
            },
        });

        Assert.Equal("https://a.example/ A google_search: -", Describe((CitationAnnotation)update.Contents[0].Annotations![0]));
    }

    [Fact]
    public void WhatWasSearchedForIsTold()
    {
        var update = Of(
            new Candidate { GroundingMetadata = new GroundingMetadata { WebSearchQueries = { "weather rome", "rome today" } } });

        Assert.Empty(update.Contents);
        Assert.Equal(
            ["weather rome", "rome today"], Assert.IsType<List<string>>(update.AdditionalProperties![GeminiChatClient.SearchQueries]));
    }

    [Fact]
    public void WithoutSourcesThereAreNone()
    {
        var update = Of(new Candidate { GroundingMetadata = new GroundingMetadata(), CitationMetadata = new CitationMetadata() });

        Assert.Empty(update.Contents);
        Assert.Null(update.AdditionalProperties);
    }

    private static ChatResponseUpdate Of(Candidate candidate) =>
        new GeminiAnswer().Add(new GenerateContentResponse { Candidates = { candidate } });

    private static GroundingChunk Page(string uri, string title) =>
        new() { Web = new GroundingChunk.Types.Web { Uri = uri, Title = title } };

    private static GroundingSupport Support(string text, params int[] chunks) =>
        new() { Segment = new Segment { Text = text }, GroundingChunkIndices = { chunks } };

    private static string Describe(CitationAnnotation source) =>
        $"{source.Url} {source.Title ?? "-"} {source.ToolName ?? "-"}: {source.Snippet ?? "-"}";
}
