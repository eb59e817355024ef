using System.Text.Json;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>The one JSON value that a model was asked for.</summary>
internal static class JsonAnswer
{
    /// <summary>The value, or what is wrong with it: then in words that help the model to mend it.</summary>
    /// <param name="text">What the model has said.</param>
    /// <param name="schema">What the value must satisfy; null for any JSON.</param>
    public static (JsonElement? Value, string? Fault) Read(string text, JsonElement? schema)
    {
        try
        {
            using var json = JsonDocument.Parse(WithoutFence(text));
            var fault = schema is { } must ? SchemaCheck.FaultOf(json.RootElement, must) : null;
            return fault is null ? (json.RootElement.Clone(), null) : (null, $"It does not satisfy the schema: {fault}");
        }
        catch (JsonException broken)
        {
            return (null, $"It is no JSON: {broken.Message}");
        }
    }

    /// <summary>Models like to wrap JSON for people: ```json … ```.</summary>
    private static ReadOnlyMemory<char> WithoutFence(string text)
    {
        var value = text.AsMemory().Trim();
        if (!value.Span.StartsWith("```"))
            return value;
        var start = value.Span.IndexOf('\n') + 1;
        var end = value.Span.LastIndexOf("```");
        return start > 0 && end >= start ? value[start..end].Trim() : value;
    }
}
