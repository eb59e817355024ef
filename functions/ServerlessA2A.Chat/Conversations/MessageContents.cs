using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Chat.Conversations;

/// <summary>Converts parts of A2A to chat contents and back.</summary>
internal static class MessageContents
{
    private const string DataScheme = "data:";

    /// <summary>
    /// The key of a text's additional property: the text is a note to the model about an unreadable part, not from the client.
    /// </summary>
    private const string Unreadable = "unreadable";

    /// <summary>Converts parts to contents.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="where">The path of the parts, for errors: <c>message.parts</c>.</param>
    /// <param name="files">The files that may be read at their address.</param>
    /// <exception cref="UnreadablePartException">No model can read a part.</exception>
    public static List<AIContent> Of(IReadOnlyList<Part> parts, string where, Files files)
    {
        var contents = new List<AIContent>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
            contents.Add(Of(parts[i], $"{where}[{i}]", files));
        return contents;
    }

    /// <summary>Converts a client's message to contents. A note with the reason replaces parts that no model can read.</summary>
    /// <param name="message">The message.</param>
    /// <param name="answersTool">Whether it answers a tool. Such an answer may be empty.</param>
    /// <param name="files">The files that may be read at their address.</param>
    /// <param name="unreadable">Called for each unreadable part; throws if the message must be readable.</param>
    public static List<AIContent> Of(Message message, bool answersTool, Files files, Action<UnreadablePartException> unreadable)
    {
        var contents = OfReadable(message.Parts, "message.parts", files, unreadable);
        if (!answersTool && contents.TrueForAll(content => content is TextContent { Text: var said } && string.IsNullOrWhiteSpace(said)))
            contents = [Note(new UnreadablePartException("message.parts contain nothing that a model could answer."), unreadable)];
        return contents;
    }

    /// <summary>Converts parts to contents. A note replaces parts that no model can read.</summary>
    /// <inheritdoc cref="Of(Message, bool, Files, Action{UnreadablePartException})"/>
    public static List<AIContent> OfReadable(
        IReadOnlyList<Part> parts, string where, Files files, Action<UnreadablePartException> unreadable)
    {
        var contents = new List<AIContent>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            try
            {
                contents.Add(Of(parts[i], $"{where}[{i}]", files));
            }
            catch (UnreadablePartException reason)
            {
                contents.Add(Note(reason, unreadable));
            }
        }

        return contents;
    }

    /// <summary>Whether a content is text from the client, not a note.</summary>
    public static bool IsSaid(AIContent content) => content is TextContent && content.AdditionalProperties?.ContainsKey(Unreadable) != true;

    /// <summary>Converts the model's output to a part.</summary>
    public static Part ToPart(DataContent data) => Part.FromBytes(data.Data, data.MediaType, data.Name);

    private static TextContent Note(UnreadablePartException reason, Action<UnreadablePartException> unreadable)
    {
        unreadable(reason);
        return new TextContent($"(You cannot read this from the client: {reason.Message})")
        {
            AdditionalProperties = new() { [Unreadable] = true },
        };
    }

    private static AIContent Of(Part part, string where, Files files)
    {
        if (part.Text is { } text)
            return new TextContent(text);
        if (part.Data is { } json)
            return new TextContent(json.GetRawText());
        var data = DecodeAddress(part.Url, where);
        var mediaType = string.IsNullOrEmpty(part.MediaType) ? data?.MediaType : part.MediaType;
        if (string.IsNullOrEmpty(mediaType))
            throw new UnreadablePartException($"{where}.mediaType is not set: set the media type of the file, such as image/png.");
        try
        {
            return (part.Raw ?? data?.Data) is { } bytes
                ? FromBytes(bytes, mediaType, part.Filename)
                : FromAddress(part.Url, mediaType, where, files);
        }
        catch (ArgumentException)
        {
            throw new UnreadablePartException($"{where}.mediaType is '{mediaType}': set a media type, such as image/png.");
        }
    }

    /// <summary>Reads a data: address (RFC 2397); null for any other address.</summary>
    private static DataContent? DecodeAddress(string? url, string where)
    {
        if (url?.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase) != true)
            return null;
        try
        {
            // The scheme is case-insensitive, and the default type is plain text; .NET handles neither.
            var rest = url[DataScheme.Length..];
            return new DataContent(DataScheme + (rest.StartsWith(';') ? "text/plain" : "") + rest);
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException)
        {
            throw new UnreadablePartException(
                $"{where}.url is a data: address that cannot be decoded: use data:image/png;base64,… (RFC 2397).");
        }
    }

    /// <summary>Text files become text. An empty file becomes a note, because the service rejects empty files.</summary>
    private static AIContent FromBytes(ReadOnlyMemory<byte> bytes, string mediaType, string? name)
    {
        // Created first, because that validates the media type.
        var data = new DataContent(bytes, mediaType) { Name = name };
        if (bytes.IsEmpty)
            return new TextContent($"(The file {name ?? $"of the type {mediaType}"} is empty.)");
        if (!TextFiles.Include(mediaType))
            return data;
        var text = TextFiles.Read(bytes, mediaType);
        return new TextContent(name is null ? text : $"{name}:\n{text}");
    }

    private static UriContent FromAddress(string? url, string mediaType, string where, Files files)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !files.Schemes.Contains(uri.Scheme))
        {
            var schemes = string.Join(" and ", files.Schemes.Select(scheme => $"{scheme}://"));
            throw new UnreadablePartException(
                $"{where}.url is '{url}': the model reads files at {schemes} addresses, and in data: addresses.");
        }

        files.Check(uri, $"{where}.url");
        return new UriContent(uri, mediaType);
    }
}
