using System.Net.Mime;
using System.Text;
using System.Text.Json;

namespace CloudNative.CloudEvents.SystemTextJson;

/// <summary>The JSON event format 1.0. JSON data is read as a <see cref="JsonElement"/>, text as a string, anything else as bytes.</summary>
public class JsonEventFormatter : CloudEventFormatter
{
    private const string Data = "data";
    private const string DataBase64 = "data_base64";

    public JsonEventFormatter() : this(null, default)
    {
    }

    public JsonEventFormatter(JsonSerializerOptions? serializerOptions, JsonDocumentOptions documentOptions) =>
        (SerializerOptions, DocumentOptions) = (serializerOptions, documentOptions);

    protected JsonSerializerOptions? SerializerOptions { get; }

    protected JsonDocumentOptions DocumentOptions { get; }

    public override CloudEvent DecodeStructuredModeMessage(ReadOnlyMemory<byte> body, ContentType? contentType, IEnumerable<CloudEventAttribute>? extensionAttributes)
    {
        using var document = Parse(body, MediaTypes.EncodingOf(contentType));
        var element = document.RootElement;
        if (element.ValueKind != JsonValueKind.Object)
            throw new ArgumentException($"Cannot decode JSON element of kind '{element.ValueKind}' as CloudEvent", nameof(body));
        if (!element.TryGetProperty("specversion", out var versionId) || versionId.ValueKind != JsonValueKind.String)
            throw new ArgumentException("Structured mode content does not represent a CloudEvent", nameof(body));
        var version = CloudEventsSpecVersion.FromVersionId(versionId.GetString())
            ?? throw new ArgumentException($"Unsupported CloudEvents spec version '{versionId}'", nameof(body));
        var cloudEvent = new CloudEvent(version, extensionAttributes);
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name is not ("specversion" or Data or DataBase64))
                JsonAttributes.Read(cloudEvent, property);
        }
        ReadData(cloudEvent, element);
        return cloudEvent.IsValid ? cloudEvent : throw new ArgumentException("CloudEvent is missing required attributes", nameof(body));
    }

    public override ReadOnlyMemory<byte> EncodeStructuredModeMessage(CloudEvent cloudEvent, out ContentType contentType)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        cloudEvent.Validate();
        contentType = new ContentType(MediaTypes.CloudEvent + "+json") { CharSet = Encoding.UTF8.WebName };
        using var body = new MemoryStream();
        using var writer = new Utf8JsonWriter(body, new() { Encoder = SerializerOptions?.Encoder, Indented = SerializerOptions?.WriteIndented ?? false });
        writer.WriteStartObject();
        writer.WriteString("specversion", cloudEvent.SpecVersion.VersionId);
        foreach (var (attribute, value) in cloudEvent.GetPopulatedAttributes())
            JsonAttributes.Write(writer, attribute, value);
        if (cloudEvent.Data is not null)
        {
            if (cloudEvent.DataContentType is null && GetOrInferDataContentType(cloudEvent) is { } inferred)
                writer.WriteString(cloudEvent.SpecVersion.DataContentTypeAttribute.Name, inferred);
            EncodeStructuredModeData(cloudEvent, writer);
        }
        writer.WriteEndObject();
        writer.Flush();
        return body.ToArray();
    }

    public override void DecodeBinaryModeEventData(ReadOnlyMemory<byte> body, CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        var contentType = ContentTypeOf(cloudEvent);
        var encoding = MediaTypes.EncodingOf(contentType);
        if (contentType.MediaType != MediaTypes.Json)
        {
            cloudEvent.Data = IsText(contentType) ? encoding.GetString(body.Span) : body.ToArray();
            return;
        }
        cloudEvent.Data = null;
        if (body.Length > 0)
        {
            using var document = Parse(body, encoding);
            cloudEvent.Data = document.RootElement.Clone();
        }
    }

    public override ReadOnlyMemory<byte> EncodeBinaryModeEventData(CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        cloudEvent.Validate();
        var contentType = ContentTypeOf(cloudEvent);
        var encoding = MediaTypes.EncodingOf(contentType);
        return cloudEvent.Data switch
        {
            null => default,
            byte[] bytes => bytes,
            var data when IsJsonMediaType(contentType.MediaType) => encoding.GetBytes(JsonSerializer.Serialize(data, SerializerOptions)),
            string text when IsText(contentType) => encoding.GetBytes(text),
            _ => throw CannotSerialize(cloudEvent),
        };
    }

    protected override string? InferDataContentType(object data) => data is byte[]? null : MediaTypes.Json;

    protected virtual bool IsJsonMediaType(string mediaType)
    {
        ArgumentNullException.ThrowIfNull(mediaType);
        return mediaType.EndsWith("/json", StringComparison.Ordinal) || mediaType.EndsWith("+json", StringComparison.Ordinal);
    }

    protected virtual void DecodeStructuredModeDataProperty(JsonElement dataElement, CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        cloudEvent.Data = IsJsonMediaType(ContentTypeOf(cloudEvent).MediaType) ? dataElement.Clone()
            : dataElement.ValueKind == JsonValueKind.String ? dataElement.GetString()
            : throw new ArgumentException("CloudEvents with a non-JSON datacontenttype can only have string data values.");
    }

    protected virtual void DecodeStructuredModeDataBase64Property(JsonElement dataBase64Element, CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        cloudEvent.Data = dataBase64Element.ValueKind == JsonValueKind.String ? dataBase64Element.GetBytesFromBase64()
            : throw new ArgumentException($"Structured mode property '{DataBase64}' must be a string, when present.");
    }

    protected virtual void EncodeStructuredModeData(CloudEvent cloudEvent, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        ArgumentNullException.ThrowIfNull(writer);
        var contentType = ContentTypeOf(cloudEvent);
        if (cloudEvent.Data is byte[] bytes)
        {
            writer.WriteBase64String(DataBase64, bytes);
        }
        else if (IsJsonMediaType(contentType.MediaType))
        {
            writer.WritePropertyName(Data);
            JsonSerializer.Serialize(writer, cloudEvent.Data, SerializerOptions);
        }
        else
        {
            writer.WriteString(Data, cloudEvent.Data is string text && IsText(contentType) ? text : throw CannotSerialize(cloudEvent));
        }
    }

    private void ReadData(CloudEvent cloudEvent, JsonElement element)
    {
        var hasData = element.TryGetProperty(Data, out var data) && data.ValueKind != JsonValueKind.Null;
        var hasBase64 = element.TryGetProperty(DataBase64, out var base64) && base64.ValueKind != JsonValueKind.Null;
        if (hasData && hasBase64)
            throw new ArgumentException($"Structured mode content cannot contain both '{Data}' and '{DataBase64}' properties.");
        if (hasBase64)
        {
            DecodeStructuredModeDataBase64Property(base64, cloudEvent);
        }
        else if (hasData)
        {
            cloudEvent.DataContentType ??= MediaTypes.Json;
            DecodeStructuredModeDataProperty(data, cloudEvent);
        }
    }

    private JsonDocument Parse(ReadOnlyMemory<byte> body, Encoding encoding) =>
        encoding is UTF8Encoding ? JsonDocument.Parse(body, DocumentOptions) : JsonDocument.Parse(encoding.GetString(body.Span), DocumentOptions);

    private static ContentType ContentTypeOf(CloudEvent cloudEvent) => new(cloudEvent.DataContentType ?? MediaTypes.Json);

    private static bool IsText(ContentType contentType) => contentType.MediaType.StartsWith("text/", StringComparison.Ordinal);

    private static ArgumentException CannotSerialize(CloudEvent cloudEvent) =>
        new($"{nameof(JsonEventFormatter)} cannot serialize data of type {cloudEvent.Data!.GetType()} with content type '{cloudEvent.DataContentType}'");
}
