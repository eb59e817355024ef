using System.Net.Mime;
using CloudNative.CloudEvents.Http;
using Microsoft.AspNetCore.Http;

namespace CloudNative.CloudEvents.AspNetCore;

public static class HttpRequestExtensions
{
    public static bool IsCloudEvent(this HttpRequest httpRequest)
    {
        ArgumentNullException.ThrowIfNull(httpRequest);
        return MediaTypes.IsCloudEvent(httpRequest.ContentType) || httpRequest.Headers.ContainsKey(HttpUtilities.SpecVersionHttpHeader);
    }

    public static Task<CloudEvent> ToCloudEventAsync(
        this HttpRequest httpRequest, CloudEventFormatter formatter, params CloudEventAttribute[]? extensionAttributes) =>
        ToCloudEventAsync(httpRequest, formatter, (IEnumerable<CloudEventAttribute>?)extensionAttributes);

    public static Task<CloudEvent> ToCloudEventAsync(
        this HttpRequest httpRequest, CloudEventFormatter formatter, IEnumerable<CloudEventAttribute>? extensionAttributes)
    {
        ArgumentNullException.ThrowIfNull(httpRequest);
        ArgumentNullException.ThrowIfNull(formatter);
        return MediaTypes.IsCloudEvent(httpRequest.ContentType)
            ? formatter.DecodeStructuredModeMessageAsync(httpRequest.Body, new ContentType(httpRequest.ContentType!), extensionAttributes)
            : ReadBinaryModeAsync(httpRequest, formatter, extensionAttributes);
    }

    private static async Task<CloudEvent> ReadBinaryModeAsync(
        HttpRequest httpRequest, CloudEventFormatter formatter, IEnumerable<CloudEventAttribute>? extensionAttributes)
    {
        if (!httpRequest.Headers.TryGetValue(HttpUtilities.SpecVersionHttpHeader, out var versionId))
            throw new ArgumentException($"Request does not represent a CloudEvent. It has neither a {HttpUtilities.SpecVersionHttpHeader} header, nor a suitable content type.", nameof(httpRequest));
        var version = CloudEventsSpecVersion.FromVersionId(versionId[0])
            ?? throw new ArgumentException($"Unknown CloudEvents spec version '{versionId}'", nameof(httpRequest));
        var cloudEvent = new CloudEvent(version, extensionAttributes);
        foreach (var (header, values) in httpRequest.Headers)
        {
            if (HttpUtilities.GetAttributeNameFromHeaderName(header) is { } name && name != CloudEventsSpecVersion.SpecVersionAttribute.Name)
                cloudEvent.SetAttributeFromString(name, HttpUtilities.DecodeHeaderValue(values[0]!));
        }
        cloudEvent.DataContentType = httpRequest.ContentType;
        using var body = new MemoryStream();
        await httpRequest.Body.CopyToAsync(body, httpRequest.HttpContext.RequestAborted);
        formatter.DecodeBinaryModeEventData(body.GetBuffer().AsMemory(0, (int)body.Length), cloudEvent);
        return cloudEvent.IsValid ? cloudEvent : throw new ArgumentException("CloudEvent is missing required attributes", nameof(httpRequest));
    }
}
