using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Stored;

/// <summary>Stored data of a message's request: members of the object that holds or refers to the message.</summary>
internal static class RequestJson
{
    public static void WriteSender(this Utf8JsonWriter json, Sender? sender)
    {
        if (sender is null)
            return;
        json.WriteStartObject("sender"u8);
        json.WriteString("scheme"u8, sender.Scheme);
        json.WriteFree("claims"u8, sender.Claims);
        json.WriteEndObject();
    }

    /// <summary>The sender; null if an older version did not store it.</summary>
    public static Sender? ReadSender(JsonElement parent) => parent.TryGetProperty("sender"u8, out var sender)
        ? new Sender(sender.GetProperty("scheme"u8).GetString()!) { Claims = StoredJson.ReadFree(sender, "claims"u8) }
        : null;

    public static void WriteExtensions(this Utf8JsonWriter json, IReadOnlyList<ActiveExtension> extensions)
    {
        if (extensions.Count == 0)
            return;
        json.WriteStartArray("extensions"u8);
        foreach (var extension in extensions)
        {
            json.WriteStartObject();
            json.WriteString("uri"u8, extension.Uri);
            json.WriteFree("params"u8, extension.Params);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static IReadOnlyList<ActiveExtension> ReadExtensions(JsonElement parent) =>
        parent.TryGetProperty("extensions"u8, out var extensions)
        ? [.. extensions.EnumerateArray()
            .Select(each => new ActiveExtension(each.GetProperty("uri"u8).GetString()!) { Params = StoredJson.ReadFree(each, "params"u8) })]
        : [];
}
