using System.Text;
using Microsoft.Extensions.AI;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>The parts of A2A as contents of a chat, and back.</summary>
internal static class MessageContents
{
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

    /// <summary>A part that holds what a model has made.</summary>
    public static Part ToPart(DataContent data) => Part.FromBytes(data.Data, data.MediaType, data.Name);

    private static AIContent Of(Part part, string where, Files files)
    {
        if (part.Text is { } text)
            return new TextContent(text);
        if (part.Data is { } json)
            return new TextContent(json.GetRawText());
        if (string.IsNullOrEmpty(part.MediaType))
            throw new UnreadablePartException($"{where}.mediaType is not set: a model must know what kind of file it reads.");
        try
        {
            if (part.Raw is { } bytes)
                return IsText(part.MediaType) ? FromText(part, bytes) : new DataContent(bytes, part.MediaType) { Name = part.Filename };
            if (!Uri.TryCreate(part.Url, UriKind.Absolute, out var uri) || uri.Scheme is not ("gs" or "https"))
                throw new UnreadablePartException($"{where}.url is '{part.Url}': the model reads files at gs:// and https:// addresses.");
            files.Check(uri, $"{where}.url");
            return new UriContent(uri, part.MediaType);
        }
        catch (ArgumentException)
        {
            throw new UnreadablePartException($"{where}.mediaType is '{part.MediaType}': set a media type, such as image/png.");
        }
    }

    /// <summary>A model reads text as text, whatever file it came in.</summary>
    private static TextContent FromText(Part part, ReadOnlyMemory<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes.Span);
        return new TextContent(part.Filename is null ? text : $"{part.Filename}:\n{text}");
    }

    private static bool IsText(string mediaType) =>
        mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || mediaType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);
}
