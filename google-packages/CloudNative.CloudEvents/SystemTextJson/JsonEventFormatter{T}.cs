using System.Text.Json;

namespace CloudNative.CloudEvents.SystemTextJson;

/// <summary>Data is always JSON and read as <typeparamref name="T"/>, whatever the content type says.</summary>
public class JsonEventFormatter<T> : JsonEventFormatter
{
    public JsonEventFormatter()
    {
    }

    public JsonEventFormatter(JsonSerializerOptions? serializerOptions, JsonDocumentOptions documentOptions) : base(serializerOptions, documentOptions)
    {
    }

    public override void DecodeBinaryModeEventData(ReadOnlyMemory<byte> body, CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        cloudEvent.Data = body.Length == 0 ? null : JsonSerializer.Deserialize<T>(body.Span, SerializerOptions);
    }

    public override ReadOnlyMemory<byte> EncodeBinaryModeEventData(CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        cloudEvent.Validate();
        return cloudEvent.Data is { } data ? JsonSerializer.SerializeToUtf8Bytes((T)data, SerializerOptions) : default;
    }

    protected override void DecodeStructuredModeDataProperty(JsonElement dataElement, CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        cloudEvent.Data = dataElement.Deserialize<T>(SerializerOptions);
    }

    protected override void DecodeStructuredModeDataBase64Property(JsonElement dataBase64Element, CloudEvent cloudEvent) =>
        throw new ArgumentException("Data unexpectedly represented using 'data_base64' within structured mode CloudEvent.");

    protected override void EncodeStructuredModeData(CloudEvent cloudEvent, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName("data");
        JsonSerializer.Serialize(writer, (T)cloudEvent.Data!, SerializerOptions);
    }
}
