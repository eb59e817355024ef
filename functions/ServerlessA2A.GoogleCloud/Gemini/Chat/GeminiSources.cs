using Microsoft.Extensions.AI;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>The sources of an answer: pages found by Google Search, and citations. They become annotations of an empty text.</summary>
internal static class GeminiSources
{
    public static void Add(ChatResponseUpdate update, V1.Candidate candidate)
    {
        var sources = Found(candidate.GroundingMetadata).Concat(Quoted(candidate.CitationMetadata)).ToList();
        if (sources.Count > 0)
            update.Contents.Add(new TextContent("") { Annotations = sources });
        if (candidate.GroundingMetadata?.WebSearchQueries is { Count: > 0 } queries)
            (update.AdditionalProperties ??= [])[GeminiChatClient.SearchQueries] = queries.ToList();
    }

    private static IEnumerable<AIAnnotation> Found(V1.GroundingMetadata? metadata)
    {
        if (metadata is null)
            yield break;
        for (var i = 0; i < metadata.GroundingChunks.Count; i++)
        {
            if (metadata.GroundingChunks[i].Web is not { } page || !Uri.TryCreate(page.Uri, UriKind.Absolute, out var url))
                continue;
            var supported = metadata.GroundingSupports.Where(
                support => support.Segment is not null && support.GroundingChunkIndices.Contains(i));
            yield return new CitationAnnotation
            {
                Url = url,
                Title = page.Title.Length > 0 ? page.Title : null,
                ToolName = "google_search",
                Snippet = supported.FirstOrDefault()?.Segment.Text is { Length: > 0 } text ? text : null,
                RawRepresentation = metadata.GroundingChunks[i],
            };
        }
    }

    private static IEnumerable<AIAnnotation> Quoted(V1.CitationMetadata? metadata) =>
        from citation in metadata?.Citations ?? []
        where Uri.TryCreate(citation.Uri, UriKind.Absolute, out _)
        select new CitationAnnotation
        {
            Url = new Uri(citation.Uri),
            Title = citation.Title.Length > 0 ? citation.Title : null,
            RawRepresentation = citation,
        };
}
