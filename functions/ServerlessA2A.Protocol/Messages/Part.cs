using System.Text.Json;

namespace ServerlessA2A.Protocol.Messages;

/// <summary>
/// One piece of content: text, bytes, an address, or data. Exactly one of the four is set, by the method that creates the part.
/// </summary>
/// <remarks>A2A 1.0, section 4.1.6. A copy (<c>with</c>) changes the description of the content, never the content.</remarks>
public sealed record Part
{
    private Part()
    {
    }

    /// <summary>The text of a text part.</summary>
    public string? Text { get; private init; }

    /// <summary>The bytes of a file; base64 in JSON.</summary>
    public ReadOnlyMemory<byte>? Raw { get; private init; }

    /// <summary>The address of a file's content.</summary>
    public string? Url { get; private init; }

    /// <summary>Any JSON value including null (then an element of kind Null); returned unchanged.</summary>
    public JsonElement? Data { get; private init; }

    /// <summary>Free metadata: a JSON object, returned unchanged.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>A name for the file, such as report.pdf.</summary>
    public string? Filename { get; init; }

    /// <summary>The media type of the content, such as text/plain.</summary>
    public string? MediaType { get; init; }

    /// <summary>Creates a text part.</summary>
    public static Part FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new() { Text = text };
    }

    /// <summary>Creates a file of bytes. They are not copied and must not change while the part is in use.</summary>
    public static Part FromBytes(ReadOnlyMemory<byte> bytes, string? mediaType = null, string? filename = null) =>
        new() { Raw = bytes, MediaType = mediaType, Filename = filename };

    /// <summary>Creates a file whose content is at an address.</summary>
    public static Part FromUri(string uri, string? mediaType = null, string? filename = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        return new() { Url = uri, MediaType = mediaType, Filename = filename };
    }

    /// <inheritdoc cref="FromUri(string, string?, string?)"/>
    public static Part FromUri(Uri uri, string? mediaType = null, string? filename = null)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return FromUri(uri.OriginalString, mediaType, filename);
    }

    /// <summary>Creates a data part of any JSON value.</summary>
    /// <exception cref="ArgumentException">The element is <c>default</c>, which is not a JSON value.</exception>
    public static Part FromData(JsonElement data) => data.ValueKind == JsonValueKind.Undefined
        ? throw new ArgumentException("The element must hold a JSON value.", nameof(data))
        : new() { Data = data };

    /// <summary>Creates a data part of a value, serialized as JSON. Default of <paramref name="options"/>: camelCase names.</summary>
    /// <exception cref="NotSupportedException">The value cannot be serialized as JSON.</exception>
    public static Part FromData<T>(T value, JsonSerializerOptions? options = null) =>
        FromData(JsonSerializer.SerializeToElement(value, options ?? JsonSerializerOptions.Web));

    /// <summary>
    /// The part that a document describes; null if it has no content, or several. Empty text, bytes and addresses beside another content
    /// count as unset, because some writers print every field's default.
    /// </summary>
    internal static Part? FromFields(string? text, ReadOnlyMemory<byte>? raw, string? url, JsonElement? data)
    {
        var fields = new Part { Text = text, Raw = raw, Url = url, Data = data };
        if (fields.CountContents() > 1)
            fields = fields with
            {
                Text = text is "" ? null : text,
                Raw = raw is { IsEmpty: true } ? null : raw,
                Url = url is "" ? null : url,
            };
        return fields.CountContents() == 1 ? fields : null;
    }

    private int CountContents() => (Text is null ? 0 : 1) + (Raw is null ? 0 : 1) + (Url is null ? 0 : 1) + (Data is null ? 0 : 1);

    /// <summary>A copy that shares no memory with the caller's buffers and JSON documents.</summary>
    internal Part Detach() => this switch
    {
        { Raw: { } raw } => this with { Raw = raw.ToArray(), Metadata = Metadata?.Clone() },
        { Data: { } data } => this with { Data = data.Clone(), Metadata = Metadata?.Clone() },
        { Metadata: { } metadata } => this with { Metadata = metadata.Clone() },
        _ => this,
    };

    /// <summary>A copy of a text part with another text.</summary>
    internal Part WithText(string text) =>
        Text is null ? throw new InvalidOperationException("The part holds no text.") : this with { Text = text };
}
