using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Tools;

namespace ServerlessA2A.Chat.Mcp;

/// <summary>Converts results of MCP tools to results that any model can read.</summary>
internal static class McpContents
{
    /// <summary>
    /// Converts a result. Texts are strings, resources and links are objects, and binary contents become files. A single content is the
    /// result; several are an array. Structured content is the result, unless other content accompanies it: then it is a member of the
    /// result, beside <c>content</c>.
    /// </summary>
    public static ToolResult ToResult(CallToolResult result)
    {
        var files = new List<DataContent>();
        // Servers repeat structured content as text for clients that do not know it.
        var contents = new JsonArray([.. result.Content.Where(block => !Repeats(block, result.StructuredContent))
            .Select(block => ToJson(block, files))]);
        JsonNode? content = contents.Count switch { 0 => null, 1 => contents[0]!.DeepClone(), _ => contents };
        if (result.StructuredContent is not { } structured)
            return new ToolResult(ChatJson.ToElement(content), files);
        return contents.Count == 0
            ? new ToolResult(structured, files)
            : new ToolResult(
                ChatJson.ToElement(new JsonObject { ["content"] = content, ["structuredContent"] = Node(structured) }), files);
    }

    /// <summary>The text of an error.</summary>
    public static string TextOf(CallToolResult result)
    {
        var text = string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        return text.Length > 0 ? text : result.StructuredContent?.GetRawText() ?? "The tool failed without a reason.";
    }

    private static bool Repeats(ContentBlock block, JsonElement? structured)
    {
        if (structured is not { } json || block is not TextContentBlock { Text: var text })
            return false;
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return JsonElement.DeepEquals(parsed.RootElement, json);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonNode ToJson(ContentBlock block, List<DataContent> files) => block switch
    {
        TextContentBlock text => JsonValue.Create(text.Text),
        ImageContentBlock image => File(image.DecodedData, image.MimeType, uri: null, files),
        AudioContentBlock audio => File(audio.DecodedData, audio.MimeType, uri: null, files),
        EmbeddedResourceBlock { Resource: TextResourceContents text } =>
            Object(("uri", text.Uri), ("mediaType", text.MimeType), ("text", text.Text)),
        EmbeddedResourceBlock { Resource: BlobResourceContents blob } => File(blob.DecodedData, blob.MimeType, blob.Uri, files),
        ResourceLinkBlock link => Object(
            ("uri", link.Uri), ("name", link.Name), ("title", link.Title), ("description", link.Description), ("mediaType", link.MimeType)),
        _ => JsonValue.Create($"(A content of the type {block.Type}, which cannot be read here.)"),
    };

    private static JsonNode File(ReadOnlyMemory<byte> bytes, string? mediaType, string? uri, List<DataContent> files)
    {
        mediaType = string.IsNullOrEmpty(mediaType) ? "application/octet-stream" : mediaType;
        if (TextFiles.Include(mediaType))
            return Object(("uri", uri), ("mediaType", mediaType), ("text", TextFiles.Read(bytes, mediaType)));
        if (bytes.IsEmpty || ToData(bytes, mediaType) is not { } data)
            return JsonValue.Create($"(A file of {bytes.Length} bytes of the type {mediaType}, which cannot be read here.)");
        files.Add(data);
        return Object(("uri", uri), ("mediaType", mediaType), ("file", "The file follows the result."));
    }

    private static DataContent? ToData(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        try
        {
            return new DataContent(bytes, mediaType);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static JsonObject Object(params ReadOnlySpan<(string Name, string? Value)> members)
    {
        var made = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null)
                made[name] = value;
        }

        return made;
    }

    private static JsonNode? Node(JsonElement json) => JsonNode.Parse(json.GetRawText());
}
