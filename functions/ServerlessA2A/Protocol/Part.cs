using System.Text.Json;

namespace ServerlessA2A.Protocol;

/// <summary>One piece of content: text, bytes, an address, or data. Exactly one of the four is set.</summary>
/// <remarks>A2A 1.0, section 4.1.6.</remarks>
public sealed record Part
{
    /// <summary>The text of a text part.</summary>
    public string? Text { get; init; }

    /// <summary>The bytes of a file; base64 in JSON.</summary>
    public ReadOnlyMemory<byte>? Raw { get; init; }

    /// <summary>The address of a file's content.</summary>
    public string? Url { get; init; }

    /// <summary>Any JSON value, null included (then an element of kind Null); returned as it came.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Free additions: a JSON object, returned as it came.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>A name for the file, such as report.pdf.</summary>
    public string? Filename { get; init; }

    /// <summary>The media type of the content, such as text/plain.</summary>
    public string? MediaType { get; init; }
}
