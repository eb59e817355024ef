using System.Net.Mime;

namespace CloudNative.CloudEvents;

public abstract class CloudEventFormatter
{
    // To be derived from through JsonEventFormatter: here there are no batches, which every other formatter would have to bring.
    private protected CloudEventFormatter()
    {
    }

    public abstract CloudEvent DecodeStructuredModeMessage(ReadOnlyMemory<byte> body, ContentType? contentType, IEnumerable<CloudEventAttribute>? extensionAttributes);

    public virtual CloudEvent DecodeStructuredModeMessage(Stream body, ContentType? contentType, IEnumerable<CloudEventAttribute>? extensionAttributes)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var copy = new MemoryStream();
        body.CopyTo(copy);
        return DecodeStructuredModeMessage(copy.GetBuffer().AsMemory(0, (int)copy.Length), contentType, extensionAttributes);
    }

    public virtual async Task<CloudEvent> DecodeStructuredModeMessageAsync(Stream body, ContentType? contentType, IEnumerable<CloudEventAttribute>? extensionAttributes)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy);
        return DecodeStructuredModeMessage(copy.GetBuffer().AsMemory(0, (int)copy.Length), contentType, extensionAttributes);
    }

    public abstract ReadOnlyMemory<byte> EncodeStructuredModeMessage(CloudEvent cloudEvent, out ContentType contentType);

    public abstract void DecodeBinaryModeEventData(ReadOnlyMemory<byte> body, CloudEvent cloudEvent);

    public abstract ReadOnlyMemory<byte> EncodeBinaryModeEventData(CloudEvent cloudEvent);

    public virtual string? GetOrInferDataContentType(CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        return cloudEvent.DataContentType ?? (cloudEvent.Data is { } data ? InferDataContentType(data) : null);
    }

    protected virtual string? InferDataContentType(object data) => null;
}
