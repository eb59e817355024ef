using Microsoft.Extensions.AI;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>The parts of A2A as contents of a chat, and back.</summary>
internal static class MessageContents
{
    private const string DataScheme = "data:";

    /// <summary>The key of a text's additional property: the text tells the model what it cannot read, and the client has not said it.</summary>
    private const string Unreadable = "unreadable";

    /// <summary>The contents of parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="where">Where they stand, for messages: <c>message.parts</c>.</param>
    /// <param name="files">Which files may be given by their address.</param>
    /// <exception cref="UnreadablePartException">A part can't be given to a model.</exception>
    public static List<AIContent> Of(IReadOnlyList<Part> parts, string where, Files files)
    {
        var contents = new List<AIContent>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
            contents.Add(Of(parts[i], $"{where}[{i}]", files));
        return contents;
    }

    /// <summary>The contents of a client's message. What a model cannot read is replaced by a note that says why.</summary>
    /// <param name="message">The message.</param>
    /// <param name="answersTool">Whether it answers a tool that has asked. Such an answer may be empty.</param>
    /// <param name="files">Which files may be given by their address.</param>
    /// <param name="unreadable">Called for each reason why something cannot be read; throws it where the message must be readable.</param>
    public static List<AIContent> Of(Message message, bool answersTool, Files files, Action<UnreadablePartException> unreadable)
    {
        var contents = OfReadable(message.Parts, "message.parts", files, unreadable);
        if (!answersTool && contents.TrueForAll(content => content is TextContent { Text: var said } && string.IsNullOrWhiteSpace(said)))
            contents = [Note(new UnreadablePartException("message.parts hold nothing that a model could answer."), unreadable)];
        return contents;
    }

    /// <summary>The contents of parts. A part that a model cannot read is replaced by a note that says why.</summary>
    /// <inheritdoc cref="Of(Message, bool, Files, Action{UnreadablePartException})"/>
    public static List<AIContent> OfReadable(IReadOnlyList<Part> parts, string where, Files files, Action<UnreadablePartException> unreadable)
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

    /// <summary>Whether a content is text that the client has said, and no note.</summary>
    public static bool IsSaid(AIContent content) => content is TextContent && content.AdditionalProperties?.ContainsKey(Unreadable) != true;

    /// <summary>A part that holds what a model has made.</summary>
    public static Part ToPart(DataContent data) => Part.FromBytes(data.Data, data.MediaType, data.Name);

    private static TextContent Note(UnreadablePartException reason, Action<UnreadablePartException> unreadable)
    {
        unreadable(reason);
        return new TextContent($"(You cannot read this from the client: {reason.Message})") { AdditionalProperties = new() { [Unreadable] = true } };
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
            throw new UnreadablePartException($"{where}.mediaType is not set: a model must know what kind of file it reads.");
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

    /// <summary>What a data: address holds (RFC 2397); null for another address.</summary>
    private static DataContent? DecodeAddress(string? url, string where)
    {
        if (url?.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase) != true)
            return null;
        try
        {
            // The scheme may be written in any case, and without a type it is plain text; neither is read by itself.
            var rest = url[DataScheme.Length..];
            return new DataContent(DataScheme + (rest.StartsWith(';') ? "text/plain" : "") + rest);
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException)
        {
            throw new UnreadablePartException(
                $"{where}.url is a data: address that cannot be decoded: write data:image/png;base64,… (RFC 2397).");
        }
    }

    /// <summary>A model reads text as text, whatever file it came in. It is told of an empty file, which the service refuses.</summary>
    private static AIContent FromBytes(ReadOnlyMemory<byte> bytes, string mediaType, string? name)
    {
        // Made first, since it checks the media type.
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
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("gs" or "https"))
        {
            throw new UnreadablePartException(
                $"{where}.url is '{url}': the model reads files at gs:// and https:// addresses, and in data: addresses.");
        }

        files.Check(uri, $"{where}.url");
        return new UriContent(uri, mediaType);
    }
}
