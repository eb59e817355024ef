using CloudNative.CloudEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>The event of a request: a CloudEvent in binary or structured mode, or a push of Pub/Sub as its emulator sends it.</summary>
internal static class RequestEvents
{
    public static Task<CloudEvent> ReadAsync(HttpRequest request, CloudEventFormatter formatter, ILogger logger) =>
        request.IsCloudEvent() ? request.ToCloudEventAsync(formatter)
        // Exactly this, without a charset: so it is in the framework.
        : request.ContentType == "application/json" ? PubSubPush.ReadAsync(request, formatter, logger)
        : throw new ArgumentException("Unable to convert request to CloudEvent.");
}
