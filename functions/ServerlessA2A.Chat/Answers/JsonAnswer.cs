using System.Text.Json;
using ServerlessA2A.Chat.Schemas;

namespace ServerlessA2A.Chat.Answers;

/// <summary>Reads the JSON value that a model was asked for.</summary>
internal static class JsonAnswer
{
    /// <summary>The value, or the fault in words that help the model to correct it.</summary>
    /// <param name="text">The model's text.</param>
    /// <param name="schema">The schema; null for any JSON.</param>
    public static (JsonElement? Value, string? Fault) Read(string text, JsonElement? schema)
    {
        try
        {
            using var json = JsonDocument.Parse(WithoutFence(text));
            var fault = schema is { } must ? SchemaCheck.FaultOf(json.RootElement, must) : null;
            return fault is null ? (json.RootElement.Clone(), null) : (null, $"It does not satisfy the schema: {fault}");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or ArgumentException)
        {
            // The latter two: half of a surrogate pair, which parsing does not find where it is escaped.
            return (null, $"It is not JSON: {broken.Message}");
        }
    }

    /// <summary>Removes a Markdown fence, in which models often wrap JSON: ```json … ```.</summary>
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
