using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudNative.CloudEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>
/// Turns a push of Pub/Sub, {"subscription", "message"}, into the event that Eventarc would send. The topic is the path's,
/// which a push endpoint must therefore end in: /projects/P/topics/T.
/// </summary>
internal static class PubSubPush
{
    private const string UnknownTopic = "projects/unknown-project!/topics/unknown-topic!";

    private static readonly CloudEventAttribute Topic = CloudEventAttribute.CreateExtension("topic", CloudEventAttributeType.String);

    public static async Task<CloudEvent> ReadAsync(HttpRequest request, CloudEventFormatter formatter, ILogger logger)
    {
        JsonNode? body;
        try
        {
            body = await JsonNode.ParseAsync(request.Body);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"Error parsing GCF event: {e.Message}", nameof(request), e);
        }
        if (body is not JsonObject push || push["message"] is not JsonObject message || push["subscription"] is not JsonValue subscription)
            throw new ArgumentException("Request is malformed; it must contain both 'message' and 'subscription' properties.", nameof(request));
        if (message["messageId"] is not JsonValue messageId || messageId.GetValueKind() != JsonValueKind.String)
            throw new ArgumentException("Request is malformed; raw Pub/Sub message must contain a 'message.messageId' string property.", nameof(request));

        var topic = TopicOf(request.Path, logger);
        var time = PublishTimeOf(message);
        if (time is { } known)
            message["publishTime"] = known.UtcDateTime.ToString(
                known.Ticks % TimeSpan.TicksPerMillisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var cloudEvent = new CloudEvent
        {
            Id = messageId.GetValue<string>(),
            Type = "google.cloud.pubsub.topic.v1.messagePublished",
            Source = new Uri($"//pubsub.googleapis.com/{topic}", UriKind.RelativeOrAbsolute),
            Time = time,
            DataContentType = "application/json",
            [Topic] = topic[(topic.LastIndexOf('/') + 1)..],
        };
        var data = new JsonObject { ["message"] = message.DeepClone(), ["subscription"] = subscription.DeepClone() };
        formatter.DecodeBinaryModeEventData(JsonSerializer.SerializeToUtf8Bytes(data), cloudEvent);
        return cloudEvent;
    }

    private static string TopicOf(PathString path, ILogger logger)
    {
        if (path.Value?.Split('/') is ["", "projects", { Length: > 0 }, "topics", { Length: > 0 }])
            return path.Value[1..];
        Log.NotATopic(logger, UnknownTopic);
        return UnknownTopic;
    }

    private static DateTimeOffset? PublishTimeOf(JsonObject message) =>
        message["publishTime"] is JsonValue value && value.TryGetValue<string>(out var text) && DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
