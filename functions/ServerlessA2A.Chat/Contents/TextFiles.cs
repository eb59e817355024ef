using System.Net.Http.Headers;
using System.Text;

namespace ServerlessA2A.Chat.Contents;

/// <summary>Text files. Models get them as text; the service rejects most of them as files, such as SVG.</summary>
internal static class TextFiles
{
    /// <summary>The media types of text files, besides <c>text/*</c> and the suffixes.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "application/json", "application/x-ndjson", "application/jsonl", "application/xml", "application/xml-dtd", "application/yaml",
        "application/x-yaml", "application/toml", "application/javascript", "application/ecmascript", "application/x-javascript",
        "application/typescript", "application/sql", "application/graphql", "application/x-sh", "application/x-www-form-urlencoded",
    ];

    private static readonly string[] Suffixes = ["+json", "+xml", "+yaml", "+json-seq"];

    /// <summary>Whether a file of a media type is text.</summary>
    public static bool Include(string mediaType)
    {
        var type = mediaType.Split(';')[0].Trim();
        return type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || Types.Contains(type, StringComparer.OrdinalIgnoreCase) ||
            Array.Exists(Suffixes, suffix => type.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The media type for a file that the service reads at its address: of text types it accepts only text/*.</summary>
    public static string AddressTypeOf(string mediaType) =>
        Include(mediaType) && !mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) ? "text/plain" : mediaType;

    /// <summary>The text of a file in the encoding of its byte order mark or media type. Default: UTF-8.</summary>
    public static string Read(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        using var reader = new StreamReader(
            new MemoryStream(bytes.ToArray()), EncodingOf(mediaType), detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    private static Encoding EncodingOf(string mediaType)
    {
        if (!MediaTypeHeaderValue.TryParse(mediaType, out var parsed) || parsed.CharSet is not { } name)
            return Encoding.UTF8;
        try
        {
            return Encoding.GetEncoding(name.Trim('"'));
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8;
        }
    }
}
