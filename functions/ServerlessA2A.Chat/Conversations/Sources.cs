using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Conversations;

/// <summary>The sources of an answer, for its artifact's metadata.</summary>
internal sealed class Sources
{
    private readonly List<CitationAnnotation> _citations = [];
    private readonly List<string> _queries = [];

    /// <summary>Reads the sources of a checkpoint; none for null.</summary>
    /// <exception cref="InvalidOperationException">The JSON has another form.</exception>
    public static Sources Read(JsonObject? json)
    {
        var sources = new Sources();
        foreach (var source in json?["sources"]?.AsArray() ?? [])
        {
            sources._citations.Add(new CitationAnnotation
            {
                Url = new Uri(
                    source?["uri"]?.GetValue<string>() ?? throw new InvalidOperationException("A source has no address."),
                    UriKind.RelativeOrAbsolute),
                Title = source["title"]?.GetValue<string>(),
                Snippet = source["text"]?.GetValue<string>(),
            });
        }

        sources._queries.AddRange((json?["searchQueries"]?.AsArray() ?? []).Select(
            query => query?.GetValue<string>() ?? throw new InvalidOperationException("A query has no words.")));
        return sources;
    }

    /// <summary>Adds the citations of an update, and the web searches that it mentions.</summary>
    public void Add(ChatResponseUpdate update, IEnumerable<string> searches)
    {
        foreach (var citation in update.Contents.SelectMany(content => content.Annotations ?? []).OfType<CitationAnnotation>())
        {
            if (citation.Url is not null && !_citations.Exists(known => known.Url == citation.Url))
                _citations.Add(citation);
        }

        _queries.AddRange(searches.Except(_queries));
    }

    /// <summary>The metadata; null if there are no sources.</summary>
    public JsonObject? ToJson()
    {
        if (_citations.Count == 0 && _queries.Count == 0)
            return null;
        var json = new JsonObject
        {
            ["sources"] = new JsonArray([.. _citations.Select(ToJson)]),
        };
        if (_queries.Count > 0)
            json["searchQueries"] = new JsonArray([.. _queries.Select(query => JsonValue.Create(query))]);
        return json;
    }

    private static JsonObject ToJson(CitationAnnotation citation)
    {
        var json = new JsonObject { ["uri"] = citation.Url!.OriginalString };
        if (citation.Title is not null)
            json["title"] = citation.Title;
        if (citation.Snippet is not null)
            json["text"] = citation.Snippet;
        return json;
    }
}
