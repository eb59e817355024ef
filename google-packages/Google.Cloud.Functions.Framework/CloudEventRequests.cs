using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Core;
using CloudNative.CloudEvents.Http;
using Microsoft.AspNetCore.Http;

namespace Google.Cloud.Functions.Framework;

/// <summary>Reads CloudEvents from requests, in place of the package CloudNative.CloudEvents.AspNetCore.</summary>
internal static class CloudEventRequests
{
    public static bool IsCloudEvent(this HttpRequest request) =>
        MimeUtilities.IsCloudEventsContentType(request.ContentType) || request.Headers.ContainsKey(HttpUtilities.SpecVersionHttpHeader);

    /// <exception cref="ArgumentException">The event has an unknown version, an invalid attribute, or lacks a required one.</exception>
    public static async Task<CloudEvent> ToCloudEventAsync(this HttpRequest request, CloudEventFormatter formatter)
    {
        if (MimeUtilities.IsCloudEventsContentType(request.ContentType))
            return await formatter.DecodeStructuredModeMessageAsync(request.Body, MimeUtilities.CreateContentTypeOrNull(request.ContentType), null);
        var versionId = request.Headers[HttpUtilities.SpecVersionHttpHeader].First();
        var version = CloudEventsSpecVersion.FromVersionId(versionId)
            ?? throw new ArgumentException($"Unknown CloudEvents spec version '{versionId}'", nameof(request));
        var cloudEvent = new CloudEvent(version);
        foreach (var (header, values) in request.Headers)
        {
            if (HttpUtilities.GetAttributeNameFromHeaderName(header) is { } name && name != CloudEventsSpecVersion.SpecVersionAttribute.Name)
                cloudEvent.SetAttributeFromString(name, HttpUtilities.DecodeHeaderValue(values.First()!));
        }
        cloudEvent.DataContentType = request.ContentType;
        formatter.DecodeBinaryModeEventData(await BinaryDataUtilities.ToReadOnlyMemoryAsync(request.Body), cloudEvent);
        return Validation.CheckCloudEventArgument(cloudEvent, nameof(request));
    }
}
