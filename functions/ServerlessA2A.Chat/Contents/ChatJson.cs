using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Contents;

/// <summary>The JSON of conversations: that of the AI extensions, without indentation.</summary>
internal static class ChatJson
{
    public static JsonSerializerOptions Options { get; } = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static JsonElement ToElement(object? value) =>
        value is JsonElement json ? json : JsonSerializer.SerializeToElement(value, Options);
}
