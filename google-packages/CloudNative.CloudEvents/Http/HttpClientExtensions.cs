using System.Net.Http.Headers;

namespace CloudNative.CloudEvents.Http;

public static class HttpClientExtensions
{
    public static HttpContent ToHttpContent(this CloudEvent cloudEvent, ContentMode contentMode, CloudEventFormatter formatter)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        ArgumentNullException.ThrowIfNull(formatter);
        cloudEvent.Validate();
        if (contentMode == ContentMode.Structured)
        {
            var body = formatter.EncodeStructuredModeMessage(cloudEvent, out var contentType);
            return new ReadOnlyMemoryContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType.ToString()) } };
        }
        var content = new ReadOnlyMemoryContent(formatter.EncodeBinaryModeEventData(cloudEvent));
        if (formatter.GetOrInferDataContentType(cloudEvent) is { } dataContentType)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(dataContentType);
        content.Headers.Add(HttpUtilities.SpecVersionHttpHeader, cloudEvent.SpecVersion.VersionId);
        foreach (var (attribute, value) in cloudEvent.GetPopulatedAttributes())
        {
            if (attribute != cloudEvent.SpecVersion.DataContentTypeAttribute)
                content.Headers.Add(HttpUtilities.HttpHeaderPrefix + attribute.Name, HttpUtilities.EncodeHeaderValue(attribute.Format(value)));
        }
        return content;
    }
}
