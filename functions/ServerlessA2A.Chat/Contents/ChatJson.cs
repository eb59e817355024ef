using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Contents;

/// <summary>The JSON of conversations: that of the AI extensions, without indentation.</summary>
internal static class ChatJson
{
    public static JsonSerializerOptions Options { get; } = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>Whether a value can be written: JSON that was read may hold half of a surrogate pair, which no checkpoint can.</summary>
    public static bool CanWrite(object? value)
    {
        try
        {
            JsonSerializer.SerializeToUtf8Bytes(value, Options);
            return true;
        }
        catch (Exception unwritable) when (unwritable is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    public static JsonElement ToElement(object? value) =>
        value is JsonElement json ? json : JsonSerializer.SerializeToElement(value, Options);
}
